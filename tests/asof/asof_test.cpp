#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <iostream>
#include <future>
#include <random>
#include <sstream>

#include "answer/under_draft.h"
#include "asof/country.h"
#include "asof/cut.h"
#include "projection/rebuild.h"
#include "query/query.h"
#include "sample/play.h"
#include "support/files.h"
#include "support/temporary_directory.h"

namespace tamroi::asof {
namespace {

double number_of(const char* name, double otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::stod(given);
}

sample::Wish wish_of(double scale) {
  sample::Wish wish;
  wish.scale = static_cast<std::uint64_t>(scale * 1e6);
  wish.seed = std::random_device{}();
  return wish;
}

// A server's part that answers, over a journal whose read model was built by itself or at once.
struct Answering {
  Answering(journal::Journal& journal, base::Instant now, bool built_at_once)
      : clock(projection::make_simulated_clock(now)) {
    if (built_at_once) {
      readmodel::Build build(directory.path() + "/model", directory.path() + "/tables");
      static_cast<void>(projection::rebuild(journal, build, 2, [](const std::string&) {}));
    }
    model = readmodel::open_read_model(directory.path() + "/model");
    projection = std::make_unique<projection::Projection>(journal, *model, log, metrics, projection::Projection::Options{});
    cuts = std::make_unique<projection::Cuts>(*projection, stamps, false);
    query = std::make_unique<query::Query>(*projection, *cuts);
    projection->start([] {});
    for (const auto stream : journal.streams()) {
      std::promise<bool> reached;
      const auto deadline = projection::Waiters::Clock::now() + std::chrono::minutes(20);
      const auto tell = [&](bool is) { reached.set_value(is); };
      if (stream == event::ledger_stream) projection->waiters().wait_for_ledger(journal.end(stream) - 1, deadline, tell);
      else projection->waiters().wait_for({stream, journal.end(stream) - 1}, deadline, tell);
      REQUIRE(reached.get_future().get());
    }
  }
  ~Answering() { projection->stop(); }

  support::TemporaryDirectory directory;
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  telemetry::Metrics metrics;
  std::unique_ptr<projection::Clock> clock;
  projection::Stamps stamps{*clock};
  std::unique_ptr<readmodel::ReadModel> model;
  std::unique_ptr<projection::Projection> projection;
  std::unique_ptr<projection::Cuts> cuts;
  std::unique_ptr<query::Query> query;
};

std::string last_of_ledger(Country& country) {
  return "ledger:" + std::to_string(country.journal().end(event::ledger_stream) - 1);
}

// A time at which this and no later line is there; nothing where the next comes at the same time.
std::optional<base::Instant> time_between(Country& country, std::mt19937_64& chance) {
  const auto next = country.next_at();
  if (!next || *next <= country.at()) return std::nullopt;
  const auto between = static_cast<std::uint64_t>(next->micros - country.at().micros);
  return base::Instant{country.at().micros + static_cast<std::int64_t>(chance() % 2 == 0 ? 0 : chance() % between)};
}

// Asks of the fold where it stands, as of a cut of some kind that means the same.
void ask_here(Country& country, std::mt19937_64& chance, std::vector<Question>& questions) {
  auto place = country.provinces().begin();
  std::advance(place, chance() % country.provinces().size());
  auto& province = *place->second;
  if (province.round() == nullptr) return;
  switch (chance() % 4) {
    case 0: {
      const auto time = time_between(country, chance);
      if (time) ask_everything(country, some_unit(country, "", chance), base::to_string(*time), chance, questions);
      return;
    }
    case 1:
      country.publish();
      return ask_everything(country, some_unit(country, "", chance), last_of_ledger(country), chance, questions);
    case 2:
      country.publish(province);
      return ask_everything(country, some_unit(country, province.code, chance), last_of_ledger(country), chance, questions);
    default: {
      const auto position = province.code + ":" + std::to_string(province.folding.next() - 1);
      return ask_everything(country, some_unit(country, province.code, chance), position, chance, questions);
    }
  }
}

TEST_CASE("what is told as of a cut is what a fold told that stood there") {
  const auto cuts = static_cast<std::size_t>(number_of("TAMROI_CUTS", 150));
  const auto wish = wish_of(number_of("TAMROI_CUTS_SCALE", 0.001));
  INFO("seed " << wish.seed << ", scale " << wish.scale);
  std::mt19937_64 chance(wish.seed);
  const auto lines = sample::lines_of(wish);
  Country country(lines, chance());
  std::vector<Question> questions;
  std::size_t asked = 0;
  for (std::size_t left = lines.size(); left > 0; --left) {
    country.step();
    if (asked >= cuts || chance() % left >= cuts - asked) continue;
    const auto before = questions.size();
    ask_here(country, chance, questions);
    asked += questions.size() > before ? 1 : 0;
  }
  country.publish();
  CHECK(asked >= cuts / 2);
  std::cout << asked << " cuts, " << questions.size() << " questions, " << lines.size() << " lines\n";
  Answering answering(country.journal(), {country.at().micros + 1}, chance() % 2 == 0);
  std::ranges::shuffle(questions, chance);
  for (const auto& question : questions) {
    INFO(question.route << " of " << question.unit << ", " << question.indicator << ", as of " << question.as_of << ", revision " << question.revision);
    REQUIRE(answered(*answering.query, question) == question.expected);
  }
}

TEST_CASE("what is told as of a position is what a fold says that begins anew and ends there") {
  const auto cuts = static_cast<std::size_t>(number_of("TAMROI_INDEPENDENT_CUTS", 10));
  const auto wish = wish_of(number_of("TAMROI_INDEPENDENT_SCALE", 0.001));
  INFO("seed " << wish.seed << ", scale " << wish.scale);
  std::mt19937_64 chance(wish.seed);
  const auto lines = sample::lines_of(wish);
  Country country(lines, chance());
  while (country.step()) {
  }
  country.publish();
  Answering answering(country.journal(), {country.at().micros + 1}, chance() % 2 == 0);
  for (std::size_t left = cuts; left > 0;) {
    auto place = country.provinces().begin();
    std::advance(place, chance() % country.provinces().size());
    Province anew(place->first, country.journal(), country.plans());
    const auto next = 1 + chance() % place->second->folding.next();
    for (const auto& entry : country.journal().read(anew.stream, 0, next, SIZE_MAX)) static_cast<void>(anew.folding.step(entry));
    if (anew.round() == nullptr) continue;
    --left;
    const auto round = answer::published(*anew.round());
    const auto unit = chance() % round.units.size();
    const Question question{.route = "results", .unit = round.units[unit].code, .revision = static_cast<std::uint32_t>(chance() % 3),
                            .as_of = anew.code + ":" + std::to_string(next - 1)};
    INFO(question.unit << " as of " << question.as_of << ", revision " << question.revision);
    auto expected = answer::results(round, unit, {.revision = question.revision});
    auto body = boost::json::parse(answered(*answering.query, question)).as_object();
    body.erase("as_of");
    REQUIRE(body == expected);
  }
}

// Of a result, what has to be the same whether the criteria were revised or not: all but where it changed last.
boost::json::object without_last_change(boost::json::object result) {
  result.erase("last_change");
  return result;
}

TEST_CASE("restated under the first revision, everything stands where it would if the criteria had never been revised") {
  const auto wish = wish_of(number_of("TAMROI_CUTS_SCALE", 0.001));
  INFO("seed " << wish.seed << ", scale " << wish.scale);
  const auto lines = sample::lines_of(wish);
  auto unrevised = lines;
  const auto revises = [](const sample::Line& line) { return line.control && line.body.find("criteria_revised") != std::string::npos; };
  REQUIRE(std::erase_if(unrevised, revises) > 0);
  Country switched(lines, wish.seed);
  Country never(unrevised, wish.seed);
  while (switched.step()) {
  }
  while (never.step()) {
  }
  std::size_t apart = 0;
  for (const auto& [code, province] : switched.provinces()) {
    const auto restated = answer::published(*province->round());
    const auto expected = answer::published(*never.province(code).round());
    REQUIRE(restated.revision != expected.revision);
    for (std::size_t unit = 0; unit < restated.units.size(); ++unit) {
      for (catalogue::Index i = 0; i < restated.plan->indicators.size(); ++i) {
        INFO(restated.units[unit].code << ", " << restated.plan->indicators[i].number);
        REQUIRE(without_last_change(answer::result(restated, unit, i, {.revision = expected.revision})) ==
                without_last_change(answer::result(expected, unit, i, {})));
        apart += answer::standing_of(restated, unit, i, {}) == answer::standing_of(expected, unit, i, {}) ? 0 : 1;
      }
    }
  }
  CHECK(apart > 0);  // else the revision makes no difference, and this test neither
}

TEST_CASE("under a draft that is the published catalogue nothing moves, under another one results do") {
  auto wish = wish_of(0.01);
  wish.province = "24";
  INFO("seed " << wish.seed);
  const auto lines = sample::lines_of(wish);
  Country country(lines, wish.seed);
  while (country.step()) {
  }
  auto& province = country.province("24");
  const auto before = answer::published(*province.round());
  const auto under = [&](const std::shared_ptr<const catalogue::Plan>& draft) {
    const auto plans = std::make_shared<answer::DraftedPlans>(country.plans(), country.plan(), draft);
    answer::UnderDraft fold("24", plans, projection::body_of(country.journal(), province.stream));
    for (const auto& entry : country.journal().read(province.stream, 0, SIZE_MAX, SIZE_MAX)) fold.step(event::decode_record(entry.bytes).value(), entry.offset);
    return answer::moves(before, *fold.round("2565-2"), 0);
  };
  CHECK(under(catalogue::compile(support::read_bundle_2565_2()).plan).empty());
  auto files = support::read_bundle_2565_2();
  std::size_t replaced = 0;
  auto& text = files.at("indicator-6.yaml");
  for (std::size_t at = 0; (at = text.find("at_least: 100 %", at)) != std::string::npos; ++at, ++replaced) text.replace(at, 15, "at_least: 1 %");
  REQUIRE(replaced > 0);
  const auto easier = catalogue::compile(files);
  REQUIRE(easier.plan != nullptr);
  CHECK_FALSE(under(easier.plan).empty());
}

}  // namespace
}  // namespace tamroi::asof
