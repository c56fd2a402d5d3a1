#include "support/believable.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "reporting/system_records.h"
#include "support/believable_diary.h"
#include "support/chance.h"

namespace tamroi::support {
namespace {

constexpr std::int64_t second = 1'000'000;

// Sends what is in the diary: a unit's notes go when there are enough of them, and the rest at the end of a month.
class Sender {
 public:
  Sender(const catalogue::Bundle& bundle, std::string_view code, const ProvinceSize& size, std::uint64_t seed)
      : bundle_(bundle), size_(size), seed_(seed), chance_(seed + 1) {
    const auto compiled = catalogue::compile(bundle);
    if (compiled.plan == nullptr) throw std::runtime_error("the catalogue does not compile");
    const auto* province = compiled.plan->units.find(code);
    if (province == nullptr || province->level != catalogue::Level::Province)
      throw std::runtime_error("no province has that code");
    units_.emplace_back(code);
    for (const auto child : province->children) units_.push_back(compiled.plan->units.at(child).code);
    std::ranges::sort(units_);
    waiting_.resize(units_.size());
    versions_.resize(units_.size());
  }

  BelievableProvince send() {
    begin(0);
    control(reporting::publish_catalogue("2565-2", bundle_, now_));
    control("round_opened", R"("revision":1)");
    std::int32_t month = 0;
    bool revised = false;
    for (auto& note : diary(units_, size_, seed_)) {
      if (note.day > today_) begin(note.day);
      for (; month < month_of(note.day); ++month) close(month);
      if (note.day >= 143 && !std::exchange(revised, true)) revise();
      auto& waiting = waiting_[note.unit];
      waiting.push_back(std::move(note));
      if (waiting.size() == size_.facts_a_submission) submit(waiting);
    }
    close(5);
    return std::move(made_);
  }

 private:
  void begin(std::int32_t day) {
    if (month_of(day) > month_of(today_)) {
      for (auto& waiting : waiting_) submit(waiting);
    }
    today_ = day;
    now_ = std::max(now_, base::bangkok_time({base::from_civil({2022, 4, 1}).days + day}, 8, 0));
  }

  void control(event::Record control) {
    made_.controls.push_back(control);
    const reporting::NumberedControl numbered{made_.controls.size(), made_.controls.size() - 1, control.received_at};
    made_.stream.push_back(reporting::copy_control(control, numbered, control.received_at));
  }
  void control(std::string_view type, std::string_view members) {
    event::Record record{event::Kind::Control,
                         base::Uuid::parse(id_of(chance_, today_)).value(),
                         tick(),
                         {"m-1", "ministry_officer", "TH"},
                         {},
                         0,
                         0};
    record.body = fmt::format(R"({{"id":"{}","type":"{}","round":"2565-2","reason":"As the letter says.",{}}})",
                              record.id.to_string(), type, members);
    control(std::move(record));
  }
  void close(std::int32_t month) {
    if (month == 5) {
      for (auto& waiting : waiting_) submit(waiting);
      now_ = base::bangkok_time(base::from_civil({2022, 10, 1}), 6, 0);
    }
    control("period_closed", fmt::format(R"("month":"2022-{:02}")", month + 4));
  }
  void revise() {
    control("criteria_revised", R"("revision":2,"letter":{"number":"ว 5011","issued_on":"2022-08-22"})");
    control(
        "target_set",
        fmt::format(
            R"("unit":"{}","indicator":7,"measure":"grade_a","value":58,"letter":{{"number":"ว 5011","issued_on":"2022-08-22"}})",
            units_[0]));
  }

  base::Instant tick() { return now_ = {now_.micros + second}; }

  // Most are taken as they are; some are sent a second time, some have a mistake at first.
  void submit(std::vector<Note>& waiting) {
    if (waiting.empty()) return;
    const auto unit = waiting.front().unit;
    if (chance_.one_in(150)) {
      auto mistaken = waiting;
      mistaken.push_back(
          {today_, unit,
           fmt::format(
               R"({{"op":"record","fact":"{}","type":"mentor_visit","occurred_on":"{}","values":{{"household":"h-unknown","team":"team-001"}}}})",
               id_of(chance_, today_), date_of(today_)),
           false});
      push(unit, mistaken);
      ++made_.rejected;
    }
    push(unit, waiting);
    ++versions_[unit];
    ++made_.accepted;
    if (chance_.one_in(100)) {
      auto again = made_.stream.back();
      again.received_at = tick();
      made_.entries += waiting.size();
      made_.body_bytes += again.body.size();
      made_.stream.push_back(std::move(again));
      ++made_.repeated;
    }
    waiting.clear();
  }

  void push(std::size_t unit, const std::vector<Note>& notes) {
    event::Record record{
        event::Kind::Submission,
        base::Uuid::parse(id_of(chance_, today_)).value(),
        tick(),
        {fmt::format("d-{}", units_[unit]), unit == 0 ? "province_officer" : "district_officer", units_[unit]},
        {},
        0,
        0};
    auto& body = record.body;
    body = fmt::format(R"({{"id":"{}","unit":"{}","round":"2565-2",)", record.id.to_string(), units_[unit]);
    if (chance_.one_in(5)) body += fmt::format(R"("expects":{},)", versions_[unit]);
    if (std::ranges::any_of(notes, &Note::needs_reason)) body += R"("reason":"แก้ไขตามสมุดบันทึกของทีมพี่เลี้ยง",)";
    body += R"("entries":[)";
    for (const auto& note : notes) {
      if (&note != &notes.front()) body += ',';
      body += note.entry;
    }
    body += "]}";
    made_.entries += notes.size();
    made_.body_bytes += body.size();
    made_.stream.push_back(std::move(record));
  }

  const catalogue::Bundle& bundle_;
  ProvinceSize size_;
  std::uint64_t seed_;
  Chance chance_;
  std::vector<std::string> units_;
  std::vector<std::vector<Note>> waiting_;  // by unit
  std::vector<std::uint64_t> versions_;     // by unit
  std::int32_t today_ = 0;
  base::Instant now_;
  BelievableProvince made_;
};

}  // namespace

BelievableProvince believable_province(const catalogue::Bundle& bundle, std::string_view code, const ProvinceSize& size,
                                       std::uint64_t seed) {
  return Sender(bundle, code, size, seed).send();
}

std::string ndjson(const BelievableProvince& province) {
  std::string lines;
  for (const auto& record : province.stream) {
    if (record.kind == event::Kind::Submission) lines += record.body + '\n';
  }
  return lines;
}

}  // namespace tamroi::support
