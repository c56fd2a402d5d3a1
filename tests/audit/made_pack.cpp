#include "audit/made_pack.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "event/outcome.h"
#include "reporting/control_fold.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"
#include "support/chance.h"
#include "support/files.h"

namespace tamroi::audit_tests {
namespace {

constexpr event::Stream province{24};
constexpr event::Stream neighbour{25};

audit::Policy policy_of(const audit::Signer& key) {
  return audit::Policy::parse(fmt::format("log {}\nquorum none\n", key.verifier().to_string())).value();
}

audit::PackFilesInMemory written(const Ledger& ledger, const audit::PackFilesInMemory& others, const audit::Signer& key) {
  audit::PackFilesInMemory files;
  audit::PackWriter writer("24", {province}, [&](const std::string& path, std::string_view bytes) { files[path] += bytes; });
  const auto require = [](const auto& done) {
    if (!done) throw std::runtime_error(done.error());
  };
  for (const auto& entry : ledger.entries) {
    const auto wanted = writer.leaf(event::encode(entry.leaf));
    require(wanted);
    if (!*wanted) continue;
    require(writer.record(entry.leaf.stream, entry.record));
    require(writer.outcome(entry.leaf.stream, entry.outcome));
  }
  for (const auto& [path, bytes] : others) {
    if (path == audit::results_path || path.starts_with("catalogues/")) writer.file(path, bytes);
  }
  require(writer.finish(signed_checkpoint({origin, writer.tree().size(), writer.tree().root()}, key)));
  return files;
}

}  // namespace

Entry entry_of(event::Position position, std::string record, std::string outcome) {
  Entry entry{{.kind = 0, .stream = position.stream, .offset = position.offset, .recorded_at = {}, .id = {}}, std::move(record), std::move(outcome)};
  if (const auto read = event::decode_record(entry.record)) {
    entry.leaf.kind = static_cast<std::uint8_t>(read->kind);
    entry.leaf.id = read->id;
  }
  if (const auto read = event::decode_outcome(entry.outcome)) {
    entry.leaf.recorded_at = read->recorded_at;
    entry.leaf.fold_version = read->fold_version;
  }
  entry.leaf.record_length = static_cast<std::uint32_t>(entry.record.size());
  entry.leaf.record_sha256 = base::sha256(entry.record);
  entry.leaf.outcome_length = static_cast<std::uint32_t>(entry.outcome.size());
  entry.leaf.outcome_sha256 = base::sha256(entry.outcome);
  return entry;
}

std::size_t Ledger::index_of(event::Position position) const {
  const auto is = [&](const Entry& entry) { return entry.leaf.stream == position.stream && entry.leaf.offset == position.offset; };
  return static_cast<std::size_t>(std::ranges::find_if(entries, is) - entries.begin());
}

Ledger believable_ledger(std::uint64_t seed, const support::ProvinceSize& size) {
  const auto made = support::believable_province(support::read_bundle_2565_2(), "24", size, seed);
  auto plans = std::make_shared<reporting::Plans>();
  reporting::ControlFold controls(plans, [&](event::Offset offset) { return made.controls.at(offset).body; });
  reporting::MemoryStore store([&](event::Offset offset) { return made.stream.at(offset).body; });
  reporting::ProvinceFold fold("24", plans, store);
  Ledger ledger;
  for (event::Offset offset = 0; offset < made.controls.size(); ++offset) {
    const auto& record = made.controls[offset];
    ledger.entries.push_back(entry_of({event::control_stream, offset}, event::encode(record), event::encode(controls.step(record, offset))));
  }
  support::Chance chance(seed);
  event::Offset neighbours = 0;
  for (event::Offset offset = 0; offset < made.stream.size(); ++offset) {
    const auto& record = made.stream[offset];
    ledger.entries.push_back(entry_of({province, offset}, event::encode(record), event::encode(fold.step(record, offset))));
    if (chance.one_in(4)) {
      const auto other = std::to_string(neighbours);
      ledger.entries.push_back(entry_of({neighbour, neighbours++}, "record " + other, "outcome " + other));
    }
    // A former steward's late write.
    if (chance.one_in(20)) ledger.entries.push_back(ledger.entries[chance.below(static_cast<std::uint32_t>(ledger.entries.size()))]);
  }
  return ledger;
}

const audit::Signer& log_key() {
  static const auto key = audit::Signer::of(origin, audit::KeyType::Ed25519, audit::Signer::Seed{1}).value();
  return key;
}
const audit::Signer& another_key() {
  static const auto key = audit::Signer::of(origin, audit::KeyType::Ed25519, audit::Signer::Seed{2}).value();
  return key;
}
audit::Policy log_policy() { return policy_of(log_key()); }

std::string signed_checkpoint(const audit::Checkpoint& checkpoint, const audit::Signer& key) {
  const auto text = audit::to_text(checkpoint);
  return audit::to_string(audit::Note{text, {key.sign(text)}});
}

audit::PackFilesInMemory pack_of(const Ledger& ledger, const audit::PackFilesInMemory& others, const audit::Signer& key) { return written(ledger, others, key); }

audit::PackFilesInMemory pack_of(const Ledger& ledger, const audit::Signer& key) {
  const auto bare = written(ledger, {{std::string(audit::results_path), ""}}, key);
  const auto folder = audit::folder_of(bare);
  const auto proven = audit::prove_pack(folder, policy_of(key));
  if (!proven) throw std::runtime_error(proven.error().where + ": " + proven.error().what);
  const auto replayed = verify::replay(*proven);
  if (!replayed) throw std::runtime_error(replayed.error().where + ": " + replayed.error().what);
  audit::PackFilesInMemory others{{std::string(audit::results_path), verify::results_of(*proven, *replayed)}};
  for (const auto& [round, files] : replayed->catalogues) {
    for (const auto& [path, text] : files) others[audit::catalogue_path(round, path)] = text;
  }
  return written(ledger, others, key);
}

std::string refusal(const audit::PackFilesInMemory& files, const std::vector<audit::Checkpoint>& since) {
  const auto folder = audit::folder_of(files);
  const auto said = [](const audit::Difference& difference) { return difference.where + ": " + difference.what; };
  const auto proven = audit::prove_pack(folder, log_policy(), since);
  if (!proven) return said(proven.error());
  const auto replayed = verify::replay(*proven);
  if (!replayed) return said(replayed.error());
  const auto catalogues = verify::check_catalogues(folder, *replayed);
  if (!catalogues) return said(catalogues.error());
  const auto results = verify::check_results(*proven, *replayed, folder.read(std::string(audit::results_path)));
  return results ? "" : said(results.error());
}

}  // namespace tamroi::audit_tests
