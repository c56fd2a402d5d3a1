// Wrote journal.bin and conclusions.txt: a believable half-year of two small provinces, with the hard cases between.
// It refuses to write over them. Usage: golden_maker DIRECTORY

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include <fmt/format.h>

#include "base/sha256.h"
#include "golden/conclusions.h"
#include "golden/hard_cases.h"
#include "reporting/system_records.h"
#include "support/believable.h"
#include "support/files.h"

namespace tamroi::golden {
namespace {

constexpr std::uint64_t seed = 2565;
constexpr support::ProvinceSize size{.households = 6, .visits_a_month = 1, .plots = 5, .groups = 3, .facts_a_submission = 9};
constexpr std::int64_t second = 1'000'000;

// The catalogue as shipped, with the two provinces alone, and few districts of them.
catalogue::Bundle small_bundle() {
  auto bundle = support::read_bundle_2565_2();
  std::string units;
  for (std::string_view rest = bundle.at("units.csv"); !rest.empty();) {
    const auto line = rest.substr(0, std::min(rest.find('\n') + 1, rest.size()));
    rest.remove_prefix(line.size());
    const auto code = line.substr(0, line.find(','));
    const bool kept = code == "code" || code == "10" || code == "24" || (code.size() == 4 && code >= "1001" && code <= "1002") ||
                      (code.size() == 4 && code >= "2401" && code <= "2402");
    if (kept) units += line;
  }
  bundle["units.csv"] = units;
  return bundle;
}

// The same with one measure more, before those that were there.
catalogue::Bundle later_bundle() {
  auto bundle = small_bundle();
  auto& text = bundle.at("indicator-5.yaml");
  const std::string_view head = "\nmeasures:\n";
  text.insert(text.find(head) + head.size(),
              "  products_shown:\n    label: {th: ผลงานที่เผยแพร่, en: Products shown}\n    count: {fact: product}\n");
  return bundle;
}

// What happens, by time.
struct Event {
  base::Instant at;
  std::string where;
  event::Record record;  // of a submission or control
  std::string what;      // of a hard case that is neither
};

class Maker {
 public:
  void write(const std::filesystem::path& directory) {
    for (const auto& code : provinces()) believe(code);
    for (auto& hard : read_hard_cases(support::read_file(directory / "hard-cases.txt"))) add(std::move(hard));
    for (const auto& [at, one] : events_) happen(one);
    const auto lines = read_journal_file(file_.bytes());
    save(directory / "journal.bin", file_.bytes());
    save(directory / "conclusions.txt", told(lines, fold(lines)));
  }

 private:
  static void save(const std::filesystem::path& path, const std::string& bytes) {
    if (std::filesystem::exists(path)) throw std::runtime_error(path.string() + " is there, and frozen");
    std::ofstream(path, std::ios::binary) << bytes;
  }

  void tell(Event one) { events_.emplace(one.at.micros, std::move(one)); }

  void believe(const std::string& code) {
    const auto made = support::believable_province(small_bundle(), code, size, seed + events_.size());
    base::Instant now;
    for (const auto& record : made.stream) {
      if (record.kind != event::Kind::Submission) continue;
      now = std::max(now, record.received_at);
      tell({now, code, record, {}});
    }
    // Both provinces have the same controls.
    if (code != provinces().front()) return;
    for (const auto& control : made.controls) tell({control.received_at, "control", control, {}});
  }

  void add(HardCase hard) {
    const auto& where = hard.where;
    const bool unit = where.front() >= '0' && where.front() <= '9';
    const bool control = where == "ministry_officer" || where == "operator";
    if (!unit && !control) return tell({hard.at, where, {}, hard.what});
    event::Actor actor{fmt::format("h-{}", where), where, "TH"};
    if (unit) actor = {fmt::format("h-{}", where), where.size() == 2 ? "province_officer" : "district_officer", where};
    const auto kind = unit ? event::Kind::Submission : event::Kind::Control;
    // The id is the first member of the body.
    const auto id = base::Uuid::parse(hard.what.substr(7, 36)).value_or(base::Uuid{});
    tell({hard.at, unit ? where.substr(0, 2) : "control", {kind, id, hard.at, actor, hard.what, 0, 0}, {}});
  }

  void happen(const Event& one) {
    if (one.where == "control") return control(one.record);
    if (one.where == "catalogue") return control(reporting::publish_catalogue("2565-2", later_bundle(), one.at));
    const std::string_view what = one.what;
    if (one.where == "undecodable") return record(event::parse_stream(what.substr(0, 2)).value(), std::string(what.substr(std::min<std::size_t>(3, what.size()))));
    if (one.where == "quarantine") return quarantine(event::parse_stream(what.substr(0, 2)).value(), what.substr(3), one.at);
    if (one.where == "late-copy") return copy(event::parse_stream(what.substr(0, 2)).value(), folded_.numbered().at(1), one.at);
    if (one.where == "again") return again(event::parse_stream(what.substr(0, 2)).value(), std::stoul(std::string(what.substr(3))), one.at);
    if (one.record.body.empty()) throw std::runtime_error("unknown word " + one.where);
    record(event::parse_stream(one.where).value(), event::encode(one.record));
  }

  void record(event::Stream stream, std::string bytes) {
    file_.record(stream, bytes);
    last_[stream] = {next_[stream]++, base::to_hex(base::sha256(bytes))};
  }

  void copy(event::Stream stream, const reporting::NumberedControl& control, base::Instant at) {
    file_.copy(stream, control, at);
    ++next_[stream];
  }

  // The last record of the stream.
  void again(event::Stream stream, std::size_t times, base::Instant at) {
    file_.again(stream, next_[stream] - 1, static_cast<std::uint32_t>(times), at);
    next_[stream] += times;
  }

  // Names the last record of the stream.
  void quarantine(event::Stream stream, std::string_view id, base::Instant at) {
    const auto& [offset, sha256] = last_[stream];
    event::Record named{event::Kind::Control, base::Uuid::parse(id).value(), at, {"o-1", "operator", "TH"}, {}, 0, 0};
    named.body = fmt::format(R"({{"id":"{}","type":"quarantined","reason":"It cannot be read.","stream":"{}","offset":{},"record_sha256":"{}"}})",
                             id, event::to_string(stream), offset, sha256);
    control(named);
  }

  void control(const event::Record& control) {
    const auto offset = controls_.size();
    controls_.push_back(control.body);
    const auto known = folded_.numbered().size();
    const auto outcome = folded_.step(control, offset);
    record(event::control_stream, event::encode(control));
    if (folded_.numbered().size() == known) return;
    auto at = std::max(control.received_at, outcome.recorded_at);
    for (const auto& code : provinces()) {
      at.micros += second;
      copy(event::parse_stream(code).value(), folded_.numbered().back(), at);
    }
  }

  std::multimap<std::int64_t, Event> events_;  // by time
  JournalFile file_;
  std::map<event::Stream, event::Offset> next_;
  std::map<event::Stream, std::pair<event::Offset, std::string>> last_;  // written as bytes: where, and their hash
  std::vector<std::string> controls_;
  reporting::ControlFold folded_{std::make_shared<reporting::Plans>(), [this](event::Offset offset) { return controls_.at(offset); }};
};

}  // namespace
}  // namespace tamroi::golden

int main(int count, char** words) {
  if (count != 2) return std::fputs("usage: golden_maker DIRECTORY\n", stderr), 2;
  try {
    tamroi::golden::Maker().write(words[1]);
  } catch (const std::exception& error) {
    return fmt::print(stderr, "{}\n", error.what()), 1;
  }
  return 0;
}
