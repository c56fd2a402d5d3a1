// Bodies that nobody would write: whatever the door lets in, the fold decides it, says where each problem lies, in
// the order of the document, and still agrees with a recomputation of what it then holds.
#include <iostream>

#include <catch2/catch_test_macros.hpp>

#include "base/json.h"
#include "reporting/door.h"
#include "simulation/history.h"
#include "simulation/mangler.h"
#include "simulation/mismatch.h"
#include "simulation/seeds.h"

using namespace tamroi;
using namespace tamroi::simulation;

namespace {

// The place in the document that a pointer names: the value's, or its parent's where that is absent.
std::size_t order_of(base::JsonValue root, std::string_view pointer) {
  auto value = root;
  while (!pointer.empty()) {
    require(pointer.front() == '/', "{} is no pointer", pointer);
    pointer.remove_prefix(1);
    const auto token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    base::JsonValue found;
    std::size_t index = 0;
    for (auto child = value.first(); child && !found; child = child.next(), ++index) {
      const auto name =
          value.is(base::JsonValue::Type::Array) ? std::to_string(index) : base::pointer_token(child.key());
      if (name == token) found = child;
    }
    if (!found) {
      require(pointer.find('/') == std::string_view::npos || pointer.empty(), "{} is below something absent", pointer);
      return value.order();
    }
    value = found;
  }
  return value.order();
}

void require_places(const event::Outcome& outcome, const std::string& body) {
  base::Json document;
  const auto root = document.parse(body).value();
  std::size_t last = 0;
  for (const auto& problem : outcome.problems) {
    const auto order = order_of(root, problem.where);
    require(order >= last, "{} at {} is out of the document's order", base::to_string(problem.code), problem.where);
    last = order;
  }
}

// What the fold holds, whoever sent it.
std::vector<LiveFact> live_facts(History& history) {
  std::vector<LiveFact> live;
  history.province().store().for_each_live(history.plan().round, [&](const reporting::FactVersion& fact) {
    const auto values = boost::json::parse(boost::json::string_view(fact.values.data(), fact.values.size()));
    live.push_back({fact.id, std::string(fact.type), std::string(fact.unit), fact.occurred_on, fact.recorded.offset,
                    fact.recorded.entry, fact.late, values.as_object()});
  });
  return live;
}

void require_figures(History& history) {
  const auto live = live_facts(history);
  const Twin twin(history.plan(), history.model().province, live, history.model().setting);
  const auto& round = history.round().measures;
  for (std::size_t unit = 0; unit < round.unit_count(); ++unit) {
    for (catalogue::Index i = 0; i < history.plan().indicators.size(); ++i) {
      const auto wanted =
          twin.standing(round.unit_code(unit), history.plan().indicators[i], history.model().setting.revision);
      const auto& found = round.published(unit, i).standing;
      require(found == event::Standing{wanted.level, wanted.evidenced_level, wanted.score}, "{} stands elsewhere",
              round.unit_code(unit));
    }
  }
}

struct Counts {
  std::size_t refused = 0;
  std::size_t rejected = 0;
  std::size_t accepted = 0;
};

void mangle(History& history, Counts& counts) {
  Mangler mangler(history.chance());
  Author author(history.plan(), history.chance());
  const auto at = history.model().recorded_at;
  for (int i = 0; i < 40; ++i) {
    const auto draft = author.submission(history.model(), history.some_unit(), {}, history.province().records().size());
    const auto body = mangler.mangled(draft.body);
    const auto admitted = reporting::admit_submission(history.province().published(),
                                                      {"a", "province_officer", history.model().province}, body);
    if (!admitted) {
      ++counts.refused;
      continue;
    }
    const auto& outcome = history.province().submit(admitted->id, body, at);
    ++(outcome.verdict == event::Verdict::Rejected ? counts.rejected : counts.accepted);
    require_places(outcome, body);
  }
  require_figures(history);
}

void play(const World& world, std::size_t usual) {
  const Seeds seeds(usual);
  Totals totals;
  Counts counts;
  for (std::size_t i = 0; i < seeds.histories; ++i) {
    History history(world, seeds.first + i, totals);
    try {
      history.run(12);
      mangle(history, counts);
    } catch (const std::exception& mismatch) {
      FAIL(seeds.replay(i) << mismatch.what());
    }
  }
  std::cout << fmt::format("{} refused, {} rejected, {} accepted\n", counts.refused, counts.rejected, counts.accepted);
  if (seeds.histories < usual) return;
  CHECK(counts.refused > 0);
  CHECK(counts.rejected > 0);
  CHECK(counts.accepted > 0);
}

}  // namespace

TEST_CASE("bodies that nobody would write are decided all the same", "[letter]") { play(world_of_the_letter(), 150); }
TEST_CASE("bodies that nobody would write are decided in an invented round too", "[invented]") {
  play(invented_world(), 100);
}
