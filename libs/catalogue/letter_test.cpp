// What the catalogue of 2565-2 must compile to. Names are looked up as "5/name".
#include <algorithm>

#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/bundle.h"
#include "support/files.h"

using namespace tamroi;
using catalogue::Measure;
using catalogue::Needed;
using catalogue::none;
using catalogue::PeriodKind;
using catalogue::Plan;
using catalogue::Term;

namespace {

const Plan& plan() {
  static const auto compiled = catalogue::compile(support::read_bundle_2565_2());
  for (const auto& finding : compiled.findings) {
    UNSCOPED_INFO(fmt::format("{}:{}: {}", finding.file, finding.line, finding.why));
  }
  REQUIRE(compiled.findings.empty());
  REQUIRE(compiled.plan != nullptr);
  return *compiled.plan;
}

const Measure& measure(std::string_view path) {
  const auto number = static_cast<std::uint32_t>(path[0] - '0');
  for (const catalogue::Index index : plan().indicators[plan().indicator_index(number)].measures) {
    if (plan().measures[index].name == path.substr(2)) return plan().measures[index];
  }
  FAIL("no measure " << path);
  throw 0;
}

const catalogue::LadderLevel& level(std::uint32_t indicator, std::uint32_t revision, std::size_t number) {
  return plan().indicators[plan().indicator_index(indicator)].ladder(revision)->levels[number - 1];
}

}  // namespace

TEST_CASE("the letter has 22 fact types, 3 indicators, 2 revisions and 13 disputes") {
  CHECK(plan().fact_types.size() == 22);
  CHECK(plan().indicators.size() == 3);
  CHECK(plan().revisions.size() == 2);
  CHECK(plan().disputes.size() == 13);
  CHECK(plan().registers.size() == 3);
  CHECK(plan().reports.size() == 2);
  CHECK(plan().indicators[0].team);
  CHECK_FALSE(plan().indicators[1].team);
  CHECK(plan().indicators[0].weight_hundredths == 2000);
  CHECK(plan().indicators[2].weight_hundredths == 1000);
}

TEST_CASE("the round has six months and the 25 ISO weeks that lie wholly in it") {
  REQUIRE(plan().months.size() == 6);
  CHECK(plan().months[0].name == "2022-04");
  REQUIRE(plan().weeks.size() == 25);
  CHECK(plan().weeks[0].name == "2022-W14");
  CHECK(base::to_string(plan().weeks[0].first) == "2022-04-04");
  CHECK(base::to_string(plan().weeks[24].last) == "2022-09-25");
  CHECK(plan().weeks[3].name == "2022-W17");  // 25 April to 1 May
  CHECK(plan().weeks[3].closes_with == 1);
}

TEST_CASE("a date finds its period, and none where no period holds it") {
  const auto at = [](PeriodKind kind, const char* date) { return plan().period_at(kind, *base::parse_date(date)); };
  CHECK(at(PeriodKind::Month, "2022-04-30") == 0);
  CHECK(at(PeriodKind::Month, "2022-10-01") == none);
  CHECK(at(PeriodKind::Month, "2022-03-31") == none);
  CHECK(at(PeriodKind::IsoWeek, "2022-04-03") == none);
  CHECK(at(PeriodKind::IsoWeek, "2022-04-04") == 0);
  CHECK(at(PeriodKind::IsoWeek, "2022-09-26") == none);
  CHECK(at(PeriodKind::None, "2022-04-04") == none);
}

TEST_CASE("visits are counted for pairs of a household and a month") {
  const Measure& visits = measure("6/visits_kept");
  CHECK(visits.kind == Measure::Kind::Share);
  CHECK(visits.domain.period == PeriodKind::Month);
  CHECK(visits.domain.registered_by_first_day);
  CHECK(visits.having.number == 2);
  const Term& term = plan().terms[visits.terms.at(0)];
  CHECK(term.entity_field == 0);
  CHECK(term.choice_field == none);
  CHECK(plan().terms[visits.having.term].measure == term.measure);
}

TEST_CASE("a household that fails all dimensions has all five of them") {
  const Measure& helped = measure("6/all_dimensions_helped");
  REQUIRE(helped.domain.registered_where.size() == 1);
  CHECK(helped.domain.registered_where[0].mask == 31);
}

TEST_CASE("sharing is for members that pass a test of their own") {
  const Measure& subsisting = measure("6/households_subsisting");
  REQUIRE(subsisting.terms.size() == 2);
  CHECK(plan().terms[subsisting.terms[1]].slot == 1);
  CHECK(subsisting.domain.base.op == catalogue::Having::Op::AtLeast);
  CHECK(subsisting.having.op == catalogue::Having::Op::LatestIn);
  CHECK(subsisting.having.numbers == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("a work group needs a product and three channels, and is found by its word") {
  const Measure& active = measure("5/work_groups_active");
  CHECK(active.kind == Measure::Kind::Members);
  REQUIRE(active.having.of.size() == 2);
  CHECK(active.having.of[1].number == 3);
  for (const catalogue::Index index : active.terms) CHECK(plan().terms[index].choice_field != none);
  CHECK_FALSE(active.adds_up);
}

TEST_CASE("what regions add up is what can be added") {
  for (const char* path : {"5/income_growth", "6/visits_kept", "7/plots", "7/grade_a", "7/models_in_use",
                           "7/best_practices", "7/publicity_in_quarter"}) {
    INFO(path);
    CHECK(measure(path).adds_up);
  }
  for (const char* path : {"5/work_groups_active", "6/channels", "7/plan_strategies"}) {
    INFO(path);
    CHECK_FALSE(measure(path).adds_up);
  }
}

TEST_CASE("a province's plans of scope province count for its districts, and all its models do") {
  const Term& plans = plan().terms[measure("7/plan_strategies").terms.at(0)];
  CHECK(plans.from_parent);
  CHECK(plans.elements);
  CHECK(plans.where.size() == 3);
  CHECK(plans.parent_where.size() == 1);
  const Term& models = plan().terms[measure("7/models_in_use").terms.at(0)];
  CHECK(models.from_parent);
  CHECK(models.parent_where.empty());
}

TEST_CASE("the revisions differ where the letters do") {
  CHECK(level(5, 1, 4).criteria[0].needed.value == base::Ratio{4, 100});
  CHECK(level(5, 2, 4).criteria[0].needed.value == base::Ratio{5, 100});
  CHECK(level(6, 1, 5).criteria[0].needed.value == base::Ratio{30, 100});
  CHECK(level(6, 2, 5).criteria[0].needed.value == base::Ratio{60, 100});
  CHECK(level(7, 1, 5).criteria[0].kind == catalogue::Criterion::Kind::Judged);
  CHECK(level(7, 2, 5).criteria[0].needed.kind == Needed::Kind::TargetOrBand);
  CHECK(level(7, 2, 5).criteria[0].needed.by_parent);
  CHECK(level(6, 2, 2).criteria[1].or_undefined);
  CHECK(level(7, 2, 5).criteria[0].source == "Letter ว 5011, 22 Aug 2565, indicator 7, level 5 (D3, D11)");
}

TEST_CASE("without plots best practices, judgement and grade A are not met") {
  const auto given = [](std::uint32_t revision, std::size_t at) {
    const catalogue::Index index = level(7, revision, at).criteria[0].given;
    return index != none && plan().measures[index].name == std::string_view("7/plots").substr(2);
  };
  CHECK(given(1, 4));
  CHECK(given(2, 4));
  CHECK(given(1, 5));
  CHECK(given(2, 5));
  CHECK(level(7, 2, 4).criteria[1].given == none);
}

TEST_CASE("judgements and targets exist for indicator 7 alone") {
  CHECK(plan().judged(7, 5));
  CHECK_FALSE(plan().judged(7, 4));
  CHECK_FALSE(plan().judged(5, 5));
  CHECK_FALSE(plan().judged(8, 5));
  CHECK(plan().takes_target(7, std::string_view("7/grade_a").substr(2)));
  CHECK_FALSE(plan().takes_target(7, std::string_view("7/plots").substr(2)));
  CHECK_FALSE(plan().takes_target(6, std::string_view("7/grade_a").substr(2)));
}

TEST_CASE("an evidence fact may name the requirements of its own indicator") {
  CHECK(plan().nameable.size() == 15);
  CHECK(plan().requirement_words.size() == 13);  // proof of publicity is asked for by all three
  CHECK(level(6, 2, 1).evidence.size() == 3);
  CHECK(level(5, 1, 2).evidence[0].measures.size() == 2);
  CHECK(level(6, 2, 1).evidence[1].measures == level(6, 1, 1).evidence[1].measures);
}

TEST_CASE("points are 100 in all and are absent without plots") {
  const catalogue::Ladder& ladder = *plan().indicators[2].ladder(2);
  base::Int128 total = 0;
  for (const auto& part : ladder.points) total += part.of.numerator;
  CHECK(total == 100);
  CHECK(ladder.points[0].shares.size() == 2);
  CHECK(ladder.points_given != none);
  CHECK(plan().indicators[2].reads_parent);
  CHECK_FALSE(plan().indicators[1].reads_parent);
}

TEST_CASE("every term is fed by its fact type and knows its place") {
  for (catalogue::Index i = 0; i < plan().terms.size(); ++i) {
    const Term& term = plan().terms[i];
    const auto& feeds = plan().fact_types[term.fact].feeds;
    CHECK(std::ranges::count(feeds, i) == 1);
    CHECK(plan().measures[term.measure].terms.at(term.slot) == i);
  }
}

TEST_CASE("a bundle is named by its paths and texts") {
  catalogue::Bundle bundle{{"a", "bc"}};
  const auto first = catalogue::digest(bundle);
  CHECK(catalogue::digest({{"ab", "c"}}) != first);
  CHECK(catalogue::digest({{"a", "bc"}, {"b", ""}}) != first);
  CHECK(catalogue::digest({{"a", "bc"}}) == first);
}
