// What a dishonest keeper of the log could sign: everything is proved, but does not follow.
#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "audit/made_pack.h"
#include "event/outcome.h"

using namespace tamroi;
using namespace tamroi::audit_tests;

namespace {

const Ledger& ledger() {
  static const auto made = believable_ledger(1);
  return made;
}
const audit::PackFilesInMemory& pack() {
  static const auto made = pack_of(ledger());
  return made;
}

// The pack of a ledger in which one entry is another, signed by the log's key.
template <class Change>
std::string refusal_of(event::Position position, Change change) {
  auto changed = ledger();
  auto& entry = changed.entries.at(changed.index_of(position));
  change(entry);
  return refusal(pack_of(changed, pack()));
}

template <class Change>
std::string refusal_of_outcome(event::Position position, Change change) {
  return refusal_of(position, [&](Entry& entry) {
    auto outcome = event::decode_outcome(entry.outcome).value();
    change(outcome);
    entry = entry_of(position, entry.record, event::encode(outcome));
  });
}

template <class Change>
std::string refusal_of_record(event::Position position, Change change) {
  return refusal_of(position, [&](Entry& entry) {
    auto record = event::decode_record(entry.record).value();
    change(record);
    entry = entry_of(position, event::encode(record), entry.outcome);
  });
}

// The first record of the province with a change of a result.
event::Position first_change() {
  for (const auto& entry : ledger().entries) {
    const auto outcome = event::decode_outcome(entry.outcome);
    if (entry.leaf.stream.code == 24 && outcome && !outcome->changes.empty()) return outcome->position;
  }
  return {};
}

}  // namespace

TEST_CASE("a pack is verified, and its results are those of the province and each of its districts") {
  REQUIRE(refusal(pack()).empty());
  const auto& results = pack().at("results.json");
  CHECK(results.starts_with(R"({"results":[{"unit":"24","round":"2565-2")"));
  CHECK(results.find(R"("unit":"2411")") != std::string::npos);
  CHECK(pack().contains("catalogues/2565-2/round.yaml"));
}

TEST_CASE("an outcome that does not follow from its record is refused, however well it is proved") {
  const auto position = first_change();
  const auto where = "24:" + std::to_string(position.offset) + ": ";
  CHECK(refusal_of_outcome(position, [](auto& outcome) { outcome.verdict = event::Verdict::Rejected; }) ==
        where + "another verdict follows from the record than the published one");
  CHECK(refusal_of_outcome(position, [](auto& outcome) { outcome.recorded_at.micros += 1; }) ==
        where + "another time follows from the record than the published one");
  CHECK(refusal_of_outcome(position, [](auto& outcome) { outcome.problems.push_back({base::Code::BadValue, "/unit", "No."}); }) ==
        where + "other problems follow from the record than the published ones");
  CHECK(refusal_of_outcome(position, [](auto& outcome) { outcome.rows.front().standing.level = 5; }).ends_with("follows from the record than the published one"));
  CHECK(refusal_of_outcome({event::control_stream, 1}, [](auto& outcome) { outcome.control_number += 1; }) ==
        "control:1: another outcome follows from the record than the published one");
}

TEST_CASE("a leaf that says something else than its record is refused") {
  const auto position = first_change();
  CHECK(refusal_of(position, [](Entry& entry) { entry.leaf.kind = 4; }).ends_with(": the leaf says another kind than the record"));
  CHECK(refusal_of(position, [](Entry& entry) { entry.leaf.id.bytes[0] ^= 1; }).ends_with(": the leaf says another id than the record"));
  CHECK(refusal_of(position, [](Entry& entry) { entry.leaf.recorded_at.micros += 1; }).ends_with(": the leaf says another time than the outcome"));
  CHECK(refusal_of(position, [](Entry& entry) { entry.leaf.fold_version += 1; }).ends_with(": the leaf says another fold version than the outcome"));
}

TEST_CASE("a copy of a control that is not the control is refused") {
  const auto actor = refusal_of_record({{24}, 1}, [](event::Record& record) { record.actor.account = "another"; });
  CHECK(actor == "24:1: the copy is not the control that it says");
}

TEST_CASE("a record that is left out of the log is missed in what follows") {
  // The offsets behind it move up, and so do the outcomes' positions.
  Ledger changed;
  const auto left_out = first_change();
  for (auto entry : ledger().entries) {
    const event::Position position{entry.leaf.stream, entry.leaf.offset};
    if (position == left_out) continue;
    if (position.stream == left_out.stream && position.offset > left_out.offset) {
      auto outcome = event::decode_outcome(entry.outcome).value();
      --outcome.position.offset;
      entry = entry_of(outcome.position, entry.record, event::encode(outcome));
    }
    changed.entries.push_back(std::move(entry));
  }
  CHECK(refusal(pack_of(changed, pack())).starts_with("24:"));
}

TEST_CASE("results and catalogues other than those that follow are refused") {
  auto files = pack();
  auto& results = files["results.json"];
  results.replace(results.find(R"("version":)") + 10, 1, "9");
  audit::mend_manifest(files);
  CHECK(refusal(files) == "results.json: 24: version is another than follows from the records");
  files = pack();
  files["results.json"] = R"({"results":[]})";
  audit::mend_manifest(files);
  CHECK(refusal(files) == "results.json: there are no results of 24");
  files = pack();
  files["catalogues/2565-2/round.yaml"] += "#";
  audit::mend_manifest(files);
  CHECK(refusal(files) == "catalogues/2565-2/round.yaml: the file is not the one that was published");
  files = pack();
  files.erase("catalogues/2565-2/round.yaml");
  audit::mend_manifest(files);
  CHECK(refusal(files) == "catalogues/2565-2/round.yaml: the file is missing; it was published");
}

TEST_CASE("a quarantined record is passed over exactly where the fold would stop") {
  // The last record of the province is no record; a control names it.
  auto changed = ledger();
  event::Offset next = 0;
  event::Offset controls = 0;
  for (const auto& entry : changed.entries) {
    if (entry.leaf.stream.code == 24) next = std::max(next, entry.leaf.offset + 1);
    if (entry.leaf.stream == event::control_stream) controls = std::max(controls, entry.leaf.offset + 1);
  }
  const std::string bad = "\xFF no record";
  event::Outcome passed;
  passed.position = {{24}, next};
  passed.fold_version = 1;
  passed.verdict = event::Verdict::Quarantined;
  for (const auto& entry : changed.entries) {
    if (entry.leaf.stream.code == 24) passed.recorded_at = std::max(passed.recorded_at, entry.leaf.recorded_at);
  }
  changed.entries.push_back(entry_of(passed.position, bad, event::encode(passed)));
  CHECK(refusal(pack_of(changed, pack())).starts_with("24:" + std::to_string(next) + ": the record cannot be folded: "));
  event::Record control{event::Kind::Control, {}, passed.recorded_at, {"operator", "operator", "TH"}, {}, 0, 0};
  control.id.bytes.fill(9);
  control.body = fmt::format(R"({{"id": "{}", "type": "quarantined", "reason": "No record", "stream": "24", "offset": {}, "record_sha256": "{}"}})",
                             control.id.to_string(), next, base::to_hex(base::sha256(bad)));
  event::Outcome accepted;
  accepted.position = {event::control_stream, controls};
  accepted.recorded_at = passed.recorded_at;
  accepted.fold_version = 1;
  accepted.verdict = event::Verdict::Accepted;
  changed.entries.push_back(entry_of(accepted.position, event::encode(control), event::encode(accepted)));
  CHECK(refusal(pack_of(changed)).empty());
}
