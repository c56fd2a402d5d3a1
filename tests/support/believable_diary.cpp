#include "support/believable_diary.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/time.h"

namespace tamroi::support {
namespace {

constexpr std::array dimensions = {"health", "education", "living_conditions", "income", "state_services"};
constexpr std::array channels = {"local_newspaper", "radio",   "television",   "facebook", "line",
                                 "website",         "youtube", "notice_board", "event",    "other"};
constexpr std::array work_groups = {"agriculture", "processing", "tourism"};
constexpr std::array agencies = {"สำนักงานพัฒนาชุมชนอำเภอ", "โรงพยาบาลส่งเสริมสุขภาพตำบล", "องค์การบริหารส่วนตำบล", "กศน.ตำบล"};
constexpr std::array outcomes = {"not_yet", "survival", "survival", "sufficiency", "sustainability"};

class Diary {
 public:
  Diary(const std::vector<std::string>& units, const ProvinceSize& size, std::uint64_t seed)
      : units_(units), size_(size), chance_(seed) {}

  std::vector<Note> write() {
    for (std::uint32_t h = 0; h < size_.households; ++h) household(h);
    for (std::uint32_t p = 0; p < size_.plots; ++p) plot(p);
    for (std::uint32_t g = 0; g < size_.groups; ++g) group(g);
    for (std::size_t unit = 1; unit < units_.size(); ++unit) district(unit);
    province();
    std::vector<std::vector<Note>> by_day(days_in_round);  // as noted within a day
    for (auto& note : notes_) by_day[static_cast<std::size_t>(note.day)].push_back(std::move(note));
    notes_.clear();
    for (auto& day : by_day) std::ranges::move(day, std::back_inserter(notes_));
    return std::move(notes_);
  }

 private:
  // Between two days, both inclusive, within the round.
  std::int32_t day_between(std::int32_t first, std::int32_t last) {
    last = std::min(last, days_in_round - 1);
    return first >= last
               ? last
               : first + static_cast<std::int32_t>(chance_.below(static_cast<std::uint32_t>(last - first + 1)));
  }
  std::size_t some_district() { return 1 + chance_.below(static_cast<std::uint32_t>(units_.size() - 1)); }
  template <typename Words>
  const char* one_of(const Words& words) {
    return words[chance_.below(static_cast<std::uint32_t>(words.size()))];
  }
  std::string team() { return fmt::format("team-{:03}", chance_.below(200)); }
  std::string document(std::uint32_t pages) {
    std::string sha256;
    for (int i = 0; i < 4; ++i) sha256 += fmt::format("{:016x}", chance_.next());
    const auto number = chance_.below(10'000);
    return fmt::format(
        R"({{"sha256":"{}","name":"รายงาน-{:04}.pdf","media_type":"application/pdf","size_bytes":{},"pages":{}}})",
        sha256, number, 20'000 + chance_.below(3'000'000), pages);
  }

  // A fact as it is noted; always in braces, where chance is drawn from left to right.
  struct Fact {
    std::size_t unit;
    std::int32_t day;
    std::string_view type;
    std::string values;
    std::string date = {};  // it occurred on; empty: that very day
  };
  // Gives the fact's id.
  std::string record(const Fact& fact) {
    auto id = id_of(chance_, fact.day);
    notes_.push_back({fact.day, fact.unit,
                      fmt::format(R"({{"op":"record","fact":"{}","type":"{}","occurred_on":"{}","values":{}}})", id,
                                  fact.type, fact.date.empty() ? date_of(fact.day) : fact.date, fact.values),
                      false});
    return id;
  }

  void household(std::uint32_t h) {
    const auto unit = some_district();
    const auto name = fmt::format("h-{}-{:05}", units_[unit], h);
    const auto with = [&](std::string rest) { return fmt::format(R"({{"household":"{}",{}}})", name, rest); };
    const bool missed = chance_.one_in(33);
    const auto registered = missed ? day_between(20, 120) : day_between(0, 9);
    std::string failed;
    const bool all = chance_.one_in(25);
    const auto first = chance_.below(dimensions.size());
    for (std::uint32_t d = 0; d < dimensions.size(); ++d) {
      if (all || d == first || chance_.one_in(4))
        failed += fmt::format("{}\"{}\"", failed.empty() ? "" : ",", dimensions[d]);
    }
    record({unit, registered, "target_household",
            with(fmt::format(R"("dimensions":[{}],"source":"{}")", failed, missed ? "missed" : "tpmap"))});
    record({unit, day_between(registered + 1, registered + 40), "household_verified",
            with(fmt::format(R"("logbook_reference":"LB-{:06}/2565")", chance_.below(1'000'000)))});
    record({unit, day_between(registered + 10, registered + 60), "household_plan",
            chance_.one_in(20) ? with(fmt::format(R"("document":{})", document(4)))
                               : fmt::format(R"({{"household":"{}"}})", name)});
    record({unit, day_between(registered + 20, registered + 90), "household_help",
            with(fmt::format(R"("dimension":"{}","agency":"{}")", dimensions[first], one_of(agencies)))});
    for (const std::int32_t day : {100, 165}) {
      if (registered < day)
        record({unit, day_between(day, day + 15), "household_outcome",
                with(fmt::format(R"("outcome":"{}")", one_of(outcomes)))});
    }
    for (std::int32_t month = 0; month < 6; ++month) {
      for (std::uint32_t v = 0; v < size_.visits_a_month; ++v) {
        const auto day = day_between(month_starts[month], month_starts[month + 1] - 1);
        visit(unit, name, std::max(day, registered + 1));
      }
    }
  }

  void visit(std::size_t unit, const std::string& name, std::int32_t day) {
    if (day >= days_in_round) return;
    const auto values = fmt::format(R"({{"household":"{}","team":"{}"}})", name, team());
    const auto noted = chance_.one_in(100) ? day_between(day + 10, day + 40) : day;
    const auto id = record({unit, noted, "mentor_visit", values, date_of(day)});
    notes_.back().needs_reason = month_of(day) < month_of(noted);
    if (chance_.one_in(200)) {
      const auto corrected = fmt::format(R"({{"household":"{}","team":"{}"}})", name, team());
      notes_.push_back(
          {day_between(noted + 1, noted + 10), unit,
           fmt::format(R"({{"op":"correct","fact":"{}","occurred_on":"{}","values":{}}})", id, date_of(day), corrected),
           true});
    } else if (chance_.one_in(500)) {
      notes_.push_back(
          {day_between(noted + 1, noted + 10), unit, fmt::format(R"({{"op":"withdraw","fact":"{}"}})", id), true});
    }
  }

  void plot(std::uint32_t p) {
    const auto unit = some_district();
    const auto name = fmt::format("p-{}-{:04}", units_[unit], p);
    record({unit, day_between(5, 20), "plot",
            fmt::format(R"({{"plot":"{}","kind":"{}"}})", name, chance_.one_in(3) ? "CLM" : "HLM")});
    const auto assess = [&](std::int32_t first, std::int32_t last, std::string_view when) {
      const std::array grades = {"A", "A", "A", "B", "C"};
      record({unit, day_between(first, last), "plot_assessment",
              fmt::format(R"({{"plot":"{}","assessment":"{}","grade":"{}"}})", name, when, one_of(grades))});
    };
    assess(32, 60, "may");
    assess(154, 182, "september");
  }

  void group(std::uint32_t g) {
    const auto unit = some_district();
    const auto name = fmt::format("g-{}-{:03}", units_[unit], g);
    record({unit, day_between(5, 12), "target_group",
            fmt::format(R"({{"group":"{}","work_group":"{}"}})", name, one_of(work_groups))});
    const auto satang = 2'000'000 + chance_.below(90'000'000);
    const auto amount = [&](std::uint32_t percent) {
      const auto now = satang / 100 * percent;
      return fmt::format(R"({{"group":"{}","amount":"{}.{:02}"}})", name, now / 100, now % 100);
    };
    record({unit, day_between(13, 20), "income_baseline", amount(100), "2022-03-31"});
    for (std::int32_t month = 1; month < 6; ++month) {
      record({unit, day_between(month_starts[month] + 5, month_starts[month] + 20), "income",
              amount(98 + 2 * static_cast<std::uint32_t>(month) + chance_.below(3))});
    }
  }

  void publicity(std::size_t unit, std::int32_t day, int indicator, const std::string& rest) {
    const auto at = chance_.one_in(5) ? fmt::format(R"("document":{})", document(1))
                                      : fmt::format(R"("url":"https://www.example.go.th/{}/news/{}")", units_[unit],
                                                    chance_.below(100'000));
    record({unit, day, "publicity",
            fmt::format(R"({{"indicator":{},{}"channel":"{}",{}}})", indicator, rest, one_of(channels), at)});
  }

  void evidence(std::size_t unit, std::int32_t day, int indicator, std::string_view requirement) {
    record(
        {unit, day, "evidence",
         fmt::format(R"({{"indicator":{},"requirement":"{}","document":{}}})", indicator, requirement, document(8))});
  }

  void drive(std::size_t unit, std::string_view scope) {
    record(
        {unit, day_between(20, 50), "development_plan",
         fmt::format(
             R"({{"scope":"{}","strategies":[1,2,3,4,5],"activities":true,"timeframe":true,"agency_roles":true,"document":{}}})",
             scope, document(20))});
    record({unit, day_between(60, 120), "model",
            fmt::format(R"({{"title":"โมเดลการขับเคลื่อน โคก หนอง นา","in_use":true,"document":{}}})", document(3))});
  }

  void district(std::size_t unit) {
    for (std::int32_t week = 0; week < 26; ++week) {
      for (int item = 0; item < 2; ++item) publicity(unit, day_between(3 + 7 * week, 3 + 7 * week + 6), 6, "");
      if (week >= 13) publicity(unit, day_between(3 + 7 * week, 3 + 7 * week + 6), 7, "");
    }
    for (std::int32_t month = 0; month < 6; ++month) {
      record({unit, day_between(month_starts[month] + 22, month_starts[month + 1] - 1), "supervision_report",
              fmt::format(R"({{"document":{}}})", document(6))});
    }
    const auto targets = 800 + chance_.below(1'000);
    record({unit, 46, "poverty_share",
            fmt::format(R"({{"target_households":{},"all_households":{}}})", targets, targets + 9'000), "2022-05-15"});
    record({unit, 46, "missed_share", fmt::format(R"({{"found":{},"base":{}}})", chance_.below(60), targets),
            "2022-05-15"});
    record({unit, 60, "department_report", R"({"subject":"assessment_may"})"});
    record({unit, 182, "department_report", R"({"subject":"assessment_september"})"});
    drive(unit, "district");
    record(
        {unit, day_between(120, 170), "best_practice",
         fmt::format(
             R"({{"title":"บทเรียน \"โคก หนอง นา\"","target_group":"ครัวเรือนต้นแบบ","agencies":"{}","method":"เรียนรู้จากการลงมือทำ","result":"รายได้เพิ่มขึ้น","document":{}}})",
             agencies[unit % agencies.size()], document(2))});
    for (const auto* name :
         {"household_register", "visit_reports", "publicity_proof", "drive_reports", "household_summary"})
      evidence(unit, day_between(30, 180), 6, name);
    for (const auto* name : {"assessment_records", "publicity_proof", "model_and_practice_report", "grade_a_report"})
      evidence(unit, day_between(60, 182), 7, name);
  }

  void province() {
    drive(0, "province");
    for (const auto* work_group : work_groups) {
      record({0, day_between(60, 140), "product",
              fmt::format(R"({{"work_group":"{}","kind":"video","title":"วีดิทัศน์กลุ่มงาน","document":{}}})", work_group,
                          document(1))});
      for (int item = 0; item < 8; ++item)
        publicity(0, day_between(70, 180), 5, fmt::format(R"("work_group":"{}",)", work_group));
    }
    for (const auto* name : {"action_plan", "target_group_register", "income_report", "income_report_final"})
      evidence(0, day_between(10, 182), 5, name);
    for (std::int32_t month = 0; month < 6; ++month) {
      record({0, month_starts[month] + 13, "department_report",
              fmt::format(R"({{"subject":"score","document":{}}})", document(2))});
    }
    record(
        {0, 140, "judgement",
         fmt::format(R"({{"unit":"{}","indicator":7,"level":5,"met":true,"grounds":"ตามเกณฑ์ที่กรมกำหนด"}})", units_[0])});
  }

  const std::vector<std::string>& units_;
  ProvinceSize size_;
  Chance chance_;
  std::vector<Note> notes_;
};

}  // namespace

std::string date_of(std::int32_t day) { return base::to_string(base::Date{base::from_civil({2022, 4, 1}).days + day}); }

std::int32_t month_of(std::int32_t day) {
  std::int32_t month = 0;
  while (month_starts[month + 1] <= day) ++month;
  return month;
}

std::string id_of(Chance& chance, std::int32_t day) {
  const auto millis =
      static_cast<std::uint64_t>(base::from_civil({2022, 4, 1}).days + day) * 86'400'000 + chance.below(36'000'000);
  const auto high = chance.next();
  const auto low = chance.next();
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", millis >> 16, millis & 0xFFFF, high & 0xFFF,
                     0x8000 | (high >> 16 & 0x3FFF), low >> 16);
}

std::vector<Note> diary(const std::vector<std::string>& units, const ProvinceSize& size, std::uint64_t seed) {
  return Diary(units, size, seed).write();
}

}  // namespace tamroi::support
