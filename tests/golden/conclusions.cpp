#include "golden/conclusions.h"

#include <fmt/format.h>

#include "event/outcome.h"
#include "journal/journal.h"
#include "projection/replay.h"

namespace tamroi::golden {
namespace {

// So many outcomes share a line, so that a difference tells about where it begins.
constexpr event::Offset outcomes_a_line = 100;

// The records of one stream and what became of them.
struct StreamBytes {
  event::Offset next = 0;
  std::string records;
  std::string outcomes;
  std::string some_outcomes;  // since the last line
  std::map<event::Verdict, std::size_t> verdicts;
};

std::string_view word(event::Verdict verdict) {
  using enum event::Verdict;
  switch (verdict) {
    case Accepted: return "accepted";
    case Rejected: return "rejected";
    case Repeat: return "repeat";
    case Quarantined: return "quarantined";
    case Applied: return "applied";
    case Skipped: return "skipped";
  }
  return "unknown";
}

std::string hash(std::string_view bytes) { return base::to_hex(base::sha256(bytes)); }

void tell_some(const std::string& stream, StreamBytes& bytes, std::string& text) {
  if (bytes.some_outcomes.empty()) return;
  const auto first = (bytes.next - 1) / outcomes_a_line * outcomes_a_line;
  text += fmt::format("outcomes {} {}-{} {}\n", stream, first, bytes.next - 1, hash(bytes.some_outcomes));
  bytes.some_outcomes.clear();
}

void tell_stream(event::Stream stream, StreamBytes& bytes, const Conclusions& conclusions, std::string& text) {
  const auto name = event::to_string(stream);
  tell_some(name, bytes, text);
  text += fmt::format("records {} {} {}\n", name, bytes.next, hash(bytes.records));
  for (const auto& [verdict, count] : bytes.verdicts) text += fmt::format("verdict {} {} {}\n", name, word(verdict), count);
  if (const auto digests = conclusions.digests.find(stream); digests != conclusions.digests.end()) {
    for (const auto& [offset, digest] : digests->second) text += fmt::format("digest {} {} {}\n", name, offset, base::to_hex(digest));
  }
  if (const auto results = conclusions.results.find(stream); results != conclusions.results.end()) {
    text += fmt::format("results {} {}\n", name, base::to_hex(results->second));
  }
  text += fmt::format("outcomes {} {}\n", name, hash(bytes.outcomes));
}

}  // namespace

const std::vector<std::string>& provinces() {
  static const std::vector<std::string> codes{"24", "10"};
  return codes;
}

Conclusions fold(const std::vector<Line>& lines) {
  const auto journal = journal::make_memory_journal();
  for (const auto& [stream, bytes] : lines) journal::append_and_wait(*journal, {stream, {}, {}, bytes});
  std::map<event::Stream, std::vector<event::LedgerEntry>> entries;
  Conclusions conclusions;
  const auto take = [&](const readmodel::Step& step) {
    const auto& leaf = step.folded.leaf;
    entries[leaf.stream].push_back({leaf, step.folded.outcome});
    if (step.digest) conclusions.digests[leaf.stream].push_back({leaf.offset, *step.digest});
  };
  const auto plans = std::make_shared<reporting::Plans>();
  const auto controls = projection::replay_controls(*journal, plans, take);
  const projection::WholeLedger nothing_published;
  for (const auto& province : provinces()) {
    projection::ProvinceReplay replay(*journal, province, plans, *controls, nothing_published);
    const auto begin = [&] {
      entries[replay.stream()].clear();
      conclusions.digests[replay.stream()].clear();
    };
    replay.run(begin, take);
    conclusions.results[replay.stream()] = replay.results().digest();
  }
  std::map<event::Stream, event::Offset> next;
  for (const auto& line : lines) conclusions.entries.push_back(entries.at(line.stream).at(next[line.stream]++));
  return conclusions;
}

std::string told(const std::vector<Line>& lines, const Conclusions& conclusions) {
  std::string text = fmt::format("fold_version {}\n", reporting::fold_version);
  std::map<event::Stream, StreamBytes> streams;
  std::string leaves;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& [leaf, outcome] = conclusions.entries.at(i);
    auto& bytes = streams[lines[i].stream];
    ++bytes.next;
    bytes.records += lines[i].bytes;
    bytes.outcomes += outcome;
    bytes.some_outcomes += outcome;
    ++bytes.verdicts[event::decode_outcome(outcome).value().verdict];
    leaves += event::encode(leaf);
    if (bytes.next % outcomes_a_line == 0) tell_some(event::to_string(lines[i].stream), bytes, text);
  }
  for (auto& [stream, bytes] : streams) tell_stream(stream, bytes, conclusions, text);
  return text + fmt::format("leaves {} {}\n", lines.size(), hash(leaves));
}

}  // namespace tamroi::golden
