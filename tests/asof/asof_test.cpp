#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <iostream>
#include <future>
#include <random>
#include <sstream>

#include "asof/country.h"
#include "asof/cut.h"
#include "projection/rebuild.h"
#include "query/query.h"
#include "sample/play.h"
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

}  // namespace
}  // namespace tamroi::asof
