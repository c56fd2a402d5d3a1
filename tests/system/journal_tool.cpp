// tamroi-journal: looks at an embedded journal, and puts bytes into it that no gateway would.
//
//   tamroi-journal dump DIRECTORY             every record and ledger entry as NDJSON, a stream after the other
//   tamroi-journal append DIRECTORY STREAM    appends the standard input as one record
//
// No server may have the journal open. Leaves are shown as they stand, so that a reader in another language can check
// them without our decoder.
#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/sha256.h"
#include "event/ledger_entry.h"
#include "event/outcome.h"
#include "event/record.h"
#include "journal/journal.h"

namespace tamroi {
namespace {

namespace json = boost::json;

json::object shown(const event::Record& record) {
  json::object shown{{"kind", static_cast<int>(record.kind)}, {"id", record.id.to_string()}, {"received_at", record.received_at.micros},
                     {"account", record.actor.account}, {"body_sha256", base::to_hex(base::sha256(record.body))}};
  if (record.kind == event::Kind::ControlCopy) {
    shown["number"] = record.number;
    shown["control_offset"] = record.control_offset;
  }
  return shown;
}

json::object shown(const event::Outcome& outcome) {
  json::array codes;
  for (const auto& problem : outcome.problems) codes.emplace_back(base::to_string(problem.code));
  json::object shown{{"stream", event::to_string(outcome.position.stream)}, {"offset", outcome.position.offset},
                     {"recorded_at", outcome.recorded_at.micros}, {"verdict", static_cast<int>(outcome.verdict)},
                     {"codes", std::move(codes)}, {"unit", outcome.unit}, {"version", outcome.version},
                     {"number", outcome.control_number}};
  if (outcome.repeat_of) shown["repeat_of"] = outcome.repeat_of->offset;
  return shown;
}

json::object shown(event::Stream stream, const journal::Entry& entry) {
  json::object line{{"stream", event::to_string(stream)}, {"offset", entry.offset}, {"time", entry.time.micros}};
  auto bytes = std::string_view(entry.bytes);
  if (stream == event::ledger_stream) {
    line["leaf"] = base::to_hex(bytes.substr(0, event::Leaf::size_bytes));
    bytes.remove_prefix(std::min(bytes.size(), event::Leaf::size_bytes));
    if (const auto outcome = event::decode_outcome(bytes)) line["outcome"] = shown(*outcome);
  } else if (const auto record = event::decode_record(bytes)) {
    line["record"] = shown(*record);
  }
  line["length"] = bytes.size();
  line["sha256"] = base::to_hex(base::sha256(bytes));
  return line;
}

void dump(journal::Journal& journal) {
  constexpr std::size_t count_max = 1000;
  constexpr std::size_t bytes_max = std::size_t{8} << 20;
  for (const auto stream : journal.streams()) {
    event::Offset next = 0;
    while (next < journal.end(stream)) {
      for (const auto& entry : journal.read(stream, next, count_max, bytes_max)) {
        fmt::print("{}\n", json::serialize(shown(stream, entry)));
        next = entry.offset + 1;
      }
    }
  }
}

// Stamped like the record before it: no clock is asked.
void append(journal::Journal& journal, const std::string& name) {
  const auto stream = event::parse_stream(name);
  if (!stream) throw std::runtime_error(name + " is no stream");
  const auto end = journal.end(*stream);
  const auto time = end == 0 ? base::Instant{} : journal.read(*stream, end - 1, 1, 0).front().time;
  const std::string bytes(std::istreambuf_iterator<char>(std::cin), {});
  const auto offset = journal::append_and_wait(journal, {*stream, {}, time, bytes});
  fmt::print("{}\n", json::serialize(json::object{{"stream", name}, {"offset", offset}, {"sha256", base::to_hex(base::sha256(bytes))}}));
}

int run(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "";
  if (!(what == "dump" && count == 3) && !(what == "append" && count == 4)) {
    fmt::print(stderr, "tamroi-journal dump DIRECTORY | append DIRECTORY STREAM\n");
    return 2;
  }
  const auto journal = journal::open_rocksdb_journal(arguments[2]);
  what == "dump" ? dump(*journal) : append(*journal, arguments[3]);
  return 0;
}

}  // namespace
}  // namespace tamroi

int main(int count, char** arguments) {
  try {
    return tamroi::run(count, arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
