#include "verify/program/commands.h"

#include <algorithm>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "audit/pack_check.h"
#include "audit/receipt.h"
#include "event/outcome.h"
#include "verify/program/folder.h"
#include "verify/program/inputs.h"
#include "verify/program/source.h"
#include "verify/replay.h"

namespace tamroi::verify {
namespace {

using audit::Difference;

std::string per_second(double amount, std::chrono::steady_clock::duration took) {
  return fmt::format("{:.0f}", amount / std::max(1e-9, std::chrono::duration<double>(took).count()));
}

std::string_view word(event::Verdict verdict) {
  switch (verdict) {
    case event::Verdict::Accepted: return "accepted";
    case event::Verdict::Rejected: return "rejected";
    case event::Verdict::Repeat: return "a repeat";
    case event::Verdict::Quarantined: return "quarantined";
    case event::Verdict::Applied: return "applied";
    case event::Verdict::Skipped: return "skipped";
  }
  return "unknown";
}

}  // namespace

bool verify_pack(const Wish& wish, std::ostream& out) {
  const auto policy = policy_of(wish);
  const auto since = earlier(wish, policy);
  Folder files(wish.place);
  const auto folder = files.as_pack();
  auto began = std::chrono::steady_clock::now();
  const auto proven = audit::prove_pack(folder, policy, since);
  if (!proven) return refused(out, proven.error());
  auto took = std::chrono::steady_clock::now() - began;
  say_checkpoint(out, proven->checkpoint, policy);
  for (const auto& [stream, found] : proven->streams) {
    out << fmt::format("stream {}: {} records, none missing, none changed\n", event::to_string(stream), found.records.size());
  }
  out << fmt::format("proved: {} bytes of records and outcomes, {} MB/s\n", proven->bytes, per_second(static_cast<double>(proven->bytes) / 1e6, took));
  if (!wish.replay) return out << "verified: pack of " << proven->manifest.unit << ", not replayed\n", true;
  began = std::chrono::steady_clock::now();
  const auto replayed = replay(*proven);
  if (!replayed) return refused(out, replayed.error());
  took = std::chrono::steady_clock::now() - began;
  if (auto same = check_catalogues(folder, *replayed); !same) return refused(out, same.error());
  if (auto same = check_results(*proven, *replayed, folder.read(std::string(audit::results_path))); !same) return refused(out, same.error());
  out << fmt::format("replayed: {} records, {} facts, {} facts/s; every outcome follows\n", replayed->records, replayed->facts,
                     per_second(static_cast<double>(replayed->facts), took));
  if (replayed->earlier > 0) out << fmt::format("of an earlier version of the fold: {} outcomes, whose verdicts follow\n", replayed->earlier);
  out << "verified: pack of " << proven->manifest.unit << "\n";
  return true;
}

bool verify_receipt(const Wish& wish, std::ostream& out) {
  const auto policy = policy_of(wish);
  const auto receipt = audit::parse_receipt(read_file(wish.place));
  if (!receipt) return refused(out, {wish.place, receipt.error()});
  const auto proven = audit::verify(*receipt, policy);
  if (!proven) return refused(out, {wish.place, proven.error()});
  say_checkpoint(out, proven->checkpoint, policy);
  const auto& leaf = proven->leaf;
  out << fmt::format("record {}:{}, id {}, recorded at {}, entry {} of the log\n", event::to_string(leaf.stream), leaf.offset, leaf.id.to_string(),
                     base::to_string(leaf.recorded_at), proven->index);
  const auto outcome = event::decode_outcome(receipt->outcome);
  const auto record = event::decode_record(receipt->record);
  if (outcome) out << fmt::format("verdict: {}, {} problems\n", word(outcome->verdict), outcome->problems_total);
  if (record) out << fmt::format("by {}, {} of {}\n{}\n", record->actor.account, record->actor.role, record->actor.unit, record->body);
  out << "verified: receipt of " << leaf.id.to_string() << "\n";
  return true;
}

bool verify_checkpoint(const Wish& wish, std::ostream& out) {
  const auto policy = policy_of(wish);
  const auto opened = policy.open(read_file(wish.place));
  if (!opened) return refused(out, {wish.place, opened.error()});
  say_checkpoint(out, *opened, policy);
  out << "verified: checkpoint\n";
  return true;
}

bool verify_log(const Wish& wish, std::ostream& out) {
  const auto policy = policy_of(wish);
  const auto since = earlier(wish, policy);
  const auto source = open_source(wish.place);
  const auto bytes = source(std::string("checkpoint"));
  if (!bytes) return refused(out, {"checkpoint", "the file is missing"});
  const auto opened = policy.open(*bytes);
  if (!opened) return refused(out, {"checkpoint", opened.error()});
  std::string bundle;
  std::string tile;
  const audit::LogFiles files{[&](const std::string& path) -> std::optional<std::string_view> {
    auto& place = path.starts_with("tile/entries/") ? bundle : tile;
    auto found = source(path);
    if (!found) return std::nullopt;
    place = std::move(*found);
    return place;
  }};
  std::map<event::Stream, event::Offset> next;
  const auto proven = audit::prove_log(files, opened->checkpoint, since, [&](std::uint64_t index, std::string_view entry) -> std::optional<Difference> {
    const auto leaf = event::decode_leaf(entry);
    if (!leaf) return Difference{fmt::format("ledger:{}", index), leaf.error()};
    if (leaf->offset == next[leaf->stream]) ++next[leaf->stream];
    return std::nullopt;
  });
  if (!proven) return refused(out, proven.error());
  say_checkpoint(out, *opened, policy);
  for (const auto& [stream, offset] : next) out << fmt::format("stream {}: {} leaves\n", event::to_string(stream), offset);
  out << "verified: log\n";
  return true;
}

}  // namespace tamroi::verify
