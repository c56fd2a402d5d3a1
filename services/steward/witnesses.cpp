#include "steward/witnesses.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <fmt/format.h>

namespace tamroi::steward {
namespace {

constexpr std::string_view size_type = "text/x.tlog.size";

}  // namespace

Witnesses::Witnesses(const audit::Policy& policy, const projection::LogTree& tree, telemetry::Log& log, telemetry::Metrics& metrics,
                     std::chrono::milliseconds within)
    : policy_(policy), tree_(tree), log_(log), within_(within) {
  for (const auto& witness : policy.witnesses()) {
    const auto url = http::parse_server_url(witness.url);
    if (!url) throw std::runtime_error(fmt::format("The witness {} has no URL of the form http://host:port/prefix.", witness.name));
    const telemetry::Labels labels{{"witness", witness.name}};
    known_.push_back({witness, *url, 0, metrics.counter("tamroi_log_cosignatures_total", "Checkpoints that a witness cosigned.", labels),
                      metrics.counter("tamroi_log_witness_failures_total", "How often a witness did not cosign what it was asked to.", labels)});
  }
}

Witnesses::Asked Witnesses::ask(const audit::SignedCheckpoint& checkpoint, const std::string& note) {
  std::vector<Said> said(known_.size());
  {
    std::vector<std::jthread> asking;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      asking.emplace_back([&, i] {
        try {
          said[i] = ask_one(known_[i], checkpoint, note);
        } catch (const std::system_error& failure) {
          log_.warning("witness does not answer", {{"witness", known_[i].witness.name}, {"why", failure.what()}});
        }
      });
    }
  }
  Asked asked;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    (said[i].cosignatures.empty() ? known_[i].failures : known_[i].answers).add();
    std::ranges::move(said[i].cosignatures, std::back_inserter(asked.cosignatures));
    std::ranges::move(said[i].contradictions, std::back_inserter(asked.contradictions));
    asked.seen_most = std::max(asked.seen_most, said[i].seen);
  }
  return asked;
}

Witnesses::Said Witnesses::ask_one(Known& known, const audit::SignedCheckpoint& checkpoint, const std::string& note) const {
  const auto size = checkpoint.checkpoint.size;
  for (int tries = 0;; ++tries) {
    known.size = std::min(known.size, size);
    const auto proof = known.size == 0 ? audit::Proof() : tree_.consistency(known.size, size);
    const auto answer = http::ask(known.url, "/add-checkpoint", audit::to_string(audit::AddCheckpoint{known.size, proof, note}), within_);
    if (answer.status == 200) {
      const auto lines = audit::parse_cosignatures(answer.body);
      Said said{{}, size, {}};
      for (const auto& line : lines ? *lines : std::vector<audit::Signature>()) {
        if (known.witness.key.verifies(checkpoint.note.text, line)) said.cosignatures.push_back(line);
      }
      if (said.cosignatures.empty()) log_.warning("witness gives no cosignature of its own", {{"witness", known.witness.name}});
      known.size = size;
      return said;
    }
    const auto seen = answer.status == 409 && answer.content_type.starts_with(size_type)
                          ? audit::parse_decimal(std::string_view(answer.body).substr(0, answer.body.find('\n')))
                          : std::unexpected(std::string());
    // It has seen more or less than was thought: once more from there.
    if (seen && *seen != known.size && *seen <= size && tries == 0) {
      known.size = *seen;
      continue;
    }
    if (answer.status == 409 || answer.status == 422) return conflict(known, checkpoint, answer);
    log_.warning("witness does not cosign", {{"witness", known.witness.name}, {"status", answer.status}, {"why", answer.body}});
    return {};
  }
}

// It says that it has seen more, or another tree. That counts where it shows what the log itself signed: no witness alone can
// stop a log.
Witnesses::Said Witnesses::conflict(const Known& known, const audit::SignedCheckpoint& checkpoint, const http::Answer& answer) const {
  log_.warning("witness does not cosign", {{"witness", known.witness.name}, {"status", answer.status}, {"why", answer.body}});
  const auto note = last_seen_by(known, checkpoint.checkpoint.origin);
  const auto is_its_log = [&](const auto& log) { return log.key.name() == checkpoint.checkpoint.origin; };
  const auto log = std::ranges::find_if(policy_.logs(), is_its_log);
  const auto seen = log == policy_.logs().end() ? std::unexpected(std::string()) : audit::open_checkpoint(note, log->key);
  if (!seen) return {};
  Said said{{}, seen->checkpoint.size, {}};
  if (seen->checkpoint.size > tree_.size() || tree_.root(seen->checkpoint.size) == seen->checkpoint.root) return said;
  said.contradictions = {fmt::format("The log signed another tree of {} entries than that of the ledger here, which the witness {} has seen.", seen->checkpoint.size,
                                     known.witness.name), note};
  return said;
}

std::string Witnesses::last_seen_by(const Known& known, const std::string& origin) const {
  try {
    const auto answer = http::ask(known.url, fmt::format("/{}/checkpoint", base::to_hex(base::sha256(origin))), std::nullopt, within_);
    return answer.status == 200 ? answer.body : std::string();
  } catch (const std::system_error&) {
    return {};
  }
}

}  // namespace tamroi::steward
