// What was once written must be read for ever: files of tests/support/corpus against the values written here.
// `event_test "[.corpus]"` writes the files that are missing; a file that exists is never written again.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "event/ledger_entry.h"
#include "event/outcome.h"

namespace tamroi::event {
namespace {

const std::filesystem::path corpus = std::filesystem::path(TAMROI_SOURCE_DIR) / "tests/support/corpus";

// Hex digits; lines that begin with # are comments.
std::string frozen(const std::string& name) {
  std::ifstream file(corpus / (name + ".hex"));
  std::string bytes;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
    }
  }
  return bytes;
}

void freeze(const std::string& name, const std::string& what, const std::string& bytes) {
  const auto path = corpus / (name + ".hex");
  if (std::filesystem::exists(path)) return;
  std::ofstream file(path);
  const std::string hex = base::to_hex(bytes);
  file << "# " << what << '\n';
  for (std::size_t i = 0; i < hex.size(); i += 96) file << hex.substr(i, 96) << '\n';
}

base::Uuid id(const char* text) { return base::Uuid::parse(text).value(); }

const Record submission{.kind = Kind::Submission,
                        .id = id("0190163d-8694-739b-aea5-966c26f8ad90"),
                        .received_at = {1660964400123456},
                        .actor = {"acc-2401", "operator", "2401"},
                        .body = R"({"unit":"2401","note":"ปลูกผัก"})",
                        .number = 0,
                        .control_offset = 0};

const Record control{.kind = Kind::Control,
                     .id = id("3f2b8a52-0c1d-8e4f-9a6b-7c8d9e0f1a2b"),
                     .received_at = {-1},
                     .actor = {"system", "system", "TH"},
                     .body = "{}",
                     .number = 0,
                     .control_offset = 0};

const Record control_copy{.kind = Kind::ControlCopy,
                          .id = id("3f2b8a52-0c1d-8e4f-9a6b-7c8d9e0f1a2b"),
                          .received_at = {1660964400123457},
                          .actor = {"system", "system", "TH"},
                          .body = "{}",
                          .number = 300,
                          .control_offset = 70000};

const Record review{.kind = Kind::Review,
                    .id = id("00000000-0000-4000-8000-000000000001"),
                    .received_at = {0},
                    .actor = {"", "", ""},
                    .body = std::string("\xFF\x00{", 3),
                    .number = 0,
                    .control_offset = 0};

Outcome accepted() {
  const base::Int128 wide = (static_cast<base::Int128>(3) << 64) + 5;
  const Figure share{"m1", Figure::Form::Share, -7, wide, ""};
  const Figure undefined{"m1", Figure::Form::Undefined, 0, 0, "no base"};
  const Figure count{"m2", Figure::Form::Count, -wide, 0, ""};
  Outcome outcome;
  outcome.position = {Stream{24}, 4294967296};
  outcome.recorded_at = {1660964400123456};
  outcome.fold_version = 1;
  outcome.verdict = Verdict::Accepted;
  outcome.round = "2565-2";
  outcome.unit = "2401";
  outcome.version = 12;
  outcome.control_number = 3;
  outcome.changes = {{"2565-2", "2401", 5, {3, 3, 31000}, {4, 3, 42500}, {{undefined, share}}, 2}};
  outcome.rows = {{"2565-2", "2401", 5, {share, count}, {"3/r1", "4/r2"}, {{"m1", 61}}, {3, 5},
                   {4, 3, -42500}, 2, true, Position{Stream{24}, 7}},
                  {}};
  return outcome;
}

Outcome rejected() {
  Outcome outcome;
  outcome.position = {Stream{10}, 0};
  outcome.recorded_at = {0};
  outcome.fold_version = 2;
  outcome.verdict = Verdict::Rejected;
  for (int code = 0; code <= static_cast<int>(base::Code::NotFollowed); ++code) {
    const auto problem_code = static_cast<base::Code>(code);
    outcome.problems.push_back({problem_code, "", std::string(to_string(problem_code))});
  }
  outcome.problems[0].where = "/facts/0";
  outcome.problems_total = 2000;
  return outcome;
}

Outcome repeat() {
  Outcome outcome;
  outcome.position = {Stream{99}, 9};
  outcome.fold_version = 1;
  outcome.verdict = Verdict::Repeat;
  outcome.repeat_of = Position{Stream{99}, 0};
  return outcome;
}

LedgerEntry ledger_entry() {
  const std::string record = encode(submission);
  LedgerEntry entry{{}, encode(repeat())};
  entry.leaf = {.kind = 1,
                .stream = {99},
                .offset = 9,
                .recorded_at = {1660964400123456},
                .id = submission.id,
                .record_length = static_cast<std::uint32_t>(record.size()),
                .record_sha256 = base::sha256(record),
                .outcome_length = static_cast<std::uint32_t>(entry.outcome.size()),
                .outcome_sha256 = base::sha256(entry.outcome),
                .fold_version = 1};
  return entry;
}

}  // namespace

TEST_CASE("the missing files of the corpus are written", "[.corpus]") {
  freeze("record-submission", "record, format 1: a submission", encode(submission));
  freeze("record-control", "record, format 1: a control, before 1970", encode(control));
  freeze("record-control-copy", "record, format 1: a control copy", encode(control_copy));
  freeze("record-review", "record, format 1: a review, no UTF-8, time 0, no actor", encode(review));
  freeze("outcome-accepted", "outcome: accepted, with changes, wide figures and rows", encode(accepted()));
  freeze("outcome-rejected", "outcome: rejected, with every problem code", encode(rejected()));
  freeze("outcome-repeat", "outcome: a repeat", encode(repeat()));
  freeze("ledger-entry", "ledger entry: leaf of format 1 and outcome", encode(ledger_entry()));
}

TEST_CASE("the records of the corpus are read as they were written, and written as they were read") {
  for (const auto& [name, record] : {std::pair<std::string, Record>{"record-submission", submission},
                                     {"record-control", control},
                                     {"record-control-copy", control_copy},
                                     {"record-review", review}}) {
    INFO(name);
    const auto decoded = decode_record(frozen(name));
    REQUIRE(decoded);
    REQUIRE(*decoded == record);
    REQUIRE(encode(record) == frozen(name));
  }
}

TEST_CASE("the outcomes of the corpus are read as they were written, and written as they were read") {
  for (const auto& [name, outcome] : {std::pair<std::string, Outcome>{"outcome-accepted", accepted()},
                                      {"outcome-rejected", rejected()},
                                      {"outcome-repeat", repeat()}}) {
    INFO(name);
    const auto decoded = decode_outcome(frozen(name));
    REQUIRE(decoded);
    REQUIRE(*decoded == outcome);
    REQUIRE(encode(outcome) == frozen(name));
  }
}

TEST_CASE("the ledger entry of the corpus is read as it was written, and written as it was read") {
  const auto decoded = decode_ledger_entry(frozen("ledger-entry"));
  REQUIRE(decoded);
  REQUIRE(decoded->leaf == ledger_entry().leaf);
  REQUIRE(decoded->outcome == ledger_entry().outcome);
  REQUIRE(encode(ledger_entry()) == frozen("ledger-entry"));
}

}  // namespace tamroi::event
