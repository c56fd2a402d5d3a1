#include "steward/signer.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "disk/files.h"

namespace tamroi::steward {

Signer::Signer(projection::Projection& projection, journal::Lease& lease, projection::Clock& clock, telemetry::Log& log, telemetry::Metrics& metrics,
               Options options)
    : projection_(projection), lease_(lease), clock_(clock), log_(log), options_(std::move(options)),
      signed_counter_(metrics.counter("tamroi_log_signed_total", "Checkpoints that this node signed.")),
      refused_gauge_(metrics.gauge("tamroi_log_refused", "Whether this node refuses to sign, since the ledger is not what was signed before.")) {
  if (options_.policy) witnesses_ = std::make_unique<Witnesses>(*options_.policy, projection.checkpoints()->tree(), log, metrics);
}

Signer::~Signer() { stop(); }

void Signer::start() {
  if (options_.key) thread_ = std::thread([this] { run(); });
}

void Signer::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::string Signer::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

void Signer::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    lock.unlock();
    try {
      work();
    } catch (const std::system_error& failure) {
      log_.error("signer waits", {{"why", failure.what()}});
    }
    lock.lock();
    wake_.wait_for(lock, options_.every, [this] { return stopped_; });
  }
}

void Signer::work() {
  if (!lease_.held()) {
    looked_ = asked_ = false;
    return refuse("");
  }
  if (!projection_.counts() || projection_.ledger().stopped()) return;
  if (!may_sign()) return;
  if (!asked_) {
    ask_before_signing();
    if (!may_sign()) return;
  }
  if (!may_follow_restore()) {
    asked_ = false;
    return;
  }
  const auto newest = projection_.checkpoints()->newest();
  const auto size = projection_.ledger().next();
  if (size > (newest == nullptr ? 0 : newest->checkpoint.size)) return sign(size);
  // What nobody new came after may still need witnesses.
  if (witnesses_ == nullptr || newest == nullptr || options_.policy->open(newest->note)) return;
  if (const auto opened = audit::open_checkpoint(newest->note, options_.key->verifier())) static_cast<void>(gather(*opened, newest->note));
}

bool Signer::may_sign() {
  auto& journal = projection_.journal();
  const auto& checkpoints = *projection_.checkpoints();
  // Who had the lease before may have appended what has not come round here.
  if (!looked_ && (!journal.catch_up(event::ledger_stream) || !journal.catch_up(event::checkpoints_stream))) return false;
  looked_ = true;
  const bool whole = projection_.ledger().next() >= journal.end(event::ledger_stream);
  if (const auto waits_for = checkpoints.waits_for(); waits_for > 0 && whole) {
    refuse(fmt::format("The ledger has {} entries, but a checkpoint of {} was published: the ledger was rolled back.", projection_.ledger().next(), waits_for));
    return false;
  }
  if (checkpoints.next() < journal.end(event::checkpoints_stream) || checkpoints.stopped()) return false;
  if (const auto* evidence = checkpoints.trust().evidence; evidence != nullptr) {
    if (auto found = checkpoints.trust().evidence->trouble(); !found.empty()) return refuse(found), false;
  }
  if (seen_elsewhere_ > projection_.ledger().next()) {
    if (whole) refuse(fmt::format("The ledger has {} entries, but a witness shows a checkpoint of {}: the ledger was rolled back.", projection_.ledger().next(), seen_elsewhere_));
    return false;
  }
  if (std::filesystem::exists(options_.last_signed)) {
    const auto note = disk::read_file(options_.last_signed);
    const auto last = audit::open_checkpoint(note, options_.key->verifier());
    if (!last) return refuse(fmt::format("{} does not hold what was signed last: {}", options_.last_signed.string(), last.error())), false;
    if (!contains(last->checkpoint, note, options_.last_signed.string())) return false;
  }
  if (const auto newest = checkpoints.newest(); newest != nullptr && newest->checkpoint.origin == options_.key->verifier().name()) {
    if (!contains(newest->checkpoint, newest->note, "the checkpoints stream")) return false;
  }
  refuse("");
  return true;
}

bool Signer::contains(const audit::Checkpoint& before, const std::string& note, const std::string& where) {
  const auto& tree = projection_.checkpoints()->tree();
  const auto size = projection_.ledger().next();
  if (before.size > size) {
    const bool whole = size >= projection_.journal().end(event::ledger_stream);
    if (whole) refuse(fmt::format("The ledger has {} entries, but {} holds a checkpoint of {}: the ledger was rolled back.", size, where, before.size));
    return false;
  }
  if (tree.root(before.size) == before.root) return true;
  const auto why = fmt::format("The first {} entries of the ledger are not those of the checkpoint that {} holds: the ledger is another.", before.size, where);
  if (auto* evidence = projection_.checkpoints()->trust().evidence; evidence != nullptr) {
    std::vector<std::string> notes{note};
    if (const auto newest = projection_.checkpoints()->newest()) notes.push_back(newest->note);
    evidence->keep(why, notes);
  }
  return refuse(why), false;
}

void Signer::sign(audit::Size size) {
  const auto& key = *options_.key;
  const audit::Checkpoint checkpoint{key.verifier().name(), size, projection_.checkpoints()->tree().root(size)};
  if (!options_.note_use(checkpoint)) return refuse("What the key is used for cannot be noted in the access log.");
  audit::Note note{audit::to_text(checkpoint), {}};
  note.signatures.push_back(key.sign(note.text));
  const auto text = audit::to_string(note);
  disk::write_file(options_.last_signed, text, disk::Readers::Owner);
  publish(text);
  signed_counter_.add();
  if (witnesses_ != nullptr) static_cast<void>(gather({checkpoint, note}, text));
}

void Signer::ask_before_signing() {
  asked_ = true;
  const auto newest = projection_.checkpoints()->newest();
  if (witnesses_ == nullptr || newest == nullptr) return;
  auto opened = audit::open_checkpoint(newest->note, options_.key->verifier());
  if (!opened) return;
  // What they cosigned once says nothing of what they saw since: all of a quorum have to answer now.
  std::erase_if(opened->note.signatures, [&](const auto& line) { return !options_.key->verifier().is_named_by(line); });
  const auto answered = ask(*opened, newest->note);
  if (options_.policy->open(audit::to_string(answered)) && seen_elsewhere_ <= newest->checkpoint.size) std::filesystem::remove(options_.restored);
}

bool Signer::may_follow_restore() {
  if (options_.restored.empty() || !std::filesystem::exists(options_.restored)) return true;
  refuse(fmt::format("A backup was restored, and what was signed after it is not known here. See the runbook, TamroiLogRefused, before you remove {}.",
                     options_.restored.string()));
  return false;
}

audit::Note Signer::ask(const audit::SignedCheckpoint& checkpoint, const std::string& note) {
  auto asked = witnesses_->ask(checkpoint, note);
  seen_elsewhere_ = std::max(seen_elsewhere_, asked.seen_most);
  if (!asked.contradictions.empty()) {
    const auto why = asked.contradictions.front();
    asked.contradictions.front() = note;
    if (auto* evidence = projection_.checkpoints()->trust().evidence; evidence != nullptr) evidence->keep(why, asked.contradictions);
  }
  auto cosigned = checkpoint.note;
  for (auto& line : asked.cosignatures) {
    const auto is_same = [&](const auto& other) { return other.name == line.name && other.key_id == line.key_id; };
    if (std::ranges::none_of(cosigned.signatures, is_same)) cosigned.signatures.push_back(std::move(line));
  }
  return cosigned;
}

bool Signer::gather(const audit::SignedCheckpoint& checkpoint, const std::string& note) {
  const auto cosigned = ask(checkpoint, note);
  const auto text = audit::to_string(cosigned);
  if (cosigned.signatures.size() > checkpoint.note.signatures.size()) publish(text);
  return options_.policy->open(text).has_value();
}

void Signer::publish(const std::string& note) {
  if (!lease_.held()) throw journal::JournalUnavailable(std::make_error_code(std::errc::operation_canceled), "another has the lease by now");
  journal::append_and_wait(projection_.journal(), {event::checkpoints_stream, {}, clock_.now(), note});
}

void Signer::refuse(const std::string& why) {
  const std::scoped_lock lock(mutex_);
  if (!why.empty() && why != trouble_) log_.error("nothing is signed", {{"why", why}});
  trouble_ = why;
  refused_gauge_.set(why.empty() ? 0 : 1);
}

}  // namespace tamroi::steward
