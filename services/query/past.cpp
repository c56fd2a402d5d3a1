#include "query/past.h"

#include <algorithm>

#include "base/check.h"
#include "query/parameters.h"

namespace tamroi::query {
namespace {

using base::Code;
using readmodel::Figures;

// Whether the copy of a control stands before the cut.
bool has_applied(const Standpoint& point, std::uint64_t number) {
  const auto& controls = point.view->controls;
  return number <= controls.size() && controls[number - 1] < point.next;
}

http::Response not_open() { return http::problem(404, Code::RoundNotOpen, "The round was not open then."); }

}  // namespace

std::expected<std::optional<projection::AsOf>, http::Response> as_of_of(const http::Request& request) {
  const auto text = request.parameter("as_of");
  if (const auto figures = figures_of(request); !figures) return std::unexpected(figures.error());
  if (!text) return std::nullopt;
  auto as_of = projection::parse_as_of(*text);
  if (!as_of) return std::unexpected(bad_parameter("as_of", "A time such as 2022-08-20T03:00:00Z is expected, a position such as 24:17, or ledger:17."));
  return as_of;
}

std::shared_ptr<const catalogue::Plan> plan_at(const reporting::Published& published, std::string_view round, std::span<const Standpoint> points,
                                               std::uint32_t revision) {
  std::shared_ptr<const catalogue::Plan> then;
  for (const auto& turn : published.turns) {
    if (turn.plan == nullptr || turn.round != round) continue;
    const bool applied = std::ranges::any_of(points, [&](const auto& point) { return point.view != nullptr && has_applied(point, turn.number); });
    if (applied) then = turn.plan;
    if (!applied && then != nullptr && revision != 0 && then->revision(revision) == nullptr) then = turn.plan;
  }
  return then;
}

std::uint32_t closed_months_at(const reporting::Published& published, std::string_view round, const Standpoint& point) {
  std::uint32_t months = 0;
  for (const auto& turn : published.turns) {
    const bool here = turn.round == round && (turn.unit == point.province || turn.unit == "TH");
    if (here && has_applied(point, turn.number)) months = std::max(months, turn.closed_months);
  }
  return months;
}

std::optional<event::Position> Past::missing(const http::Request& request, const http::RouteMatch& match) {
  const auto as_of = as_of_of(request);
  if (!as_of || !*as_of || !cuts_.impossible(**as_of).empty()) return std::nullopt;
  const auto published = projection_.control().published();
  const auto found = published->plans.find(match.parameter("round"));
  if (found == published->plans.end()) return std::nullopt;
  for (const auto* unit : provinces_under(*found->second, match.parameter("unit"))) {
    const auto* province = projection_.province(unit->code);
    if (province == nullptr) continue;
    const auto* position = std::get_if<event::Position>(&**as_of);
    if (position != nullptr && position->stream != province->stream()) return std::nullopt;
    if (const auto lacks = cuts_.missing(*province, **as_of)) return lacks;
  }
  return std::nullopt;
}

std::optional<http::Response> Past::go_back(Place& place, const projection::AsOf& as_of, const Wanted& wanted) {
  if (auto refused = refusal(place, as_of)) return refused;
  cut(place, as_of);
  const auto published = projection_.control().published();
  auto plan = plan_at(*published, place.plan->round, place.provinces, wanted.revision);
  if (plan == nullptr) return not_open();
  place.plan = std::move(plan);
  if (wanted.revision != 0 && place.plan->revision(wanted.revision) == nullptr) return bad_parameter("revision", "The catalogue has no such revision.");
  if (wanted.indicator) {
    const auto indicator = find_indicator(*place.plan, *wanted.indicator);
    if (!indicator) return indicator.error();
  }
  read(place, wanted);
  if (std::ranges::none_of(place.provinces, [](const auto& point) { return point.round != nullptr; })) return not_open();
  return std::nullopt;
}

std::optional<http::Response> Past::refusal(const Place& place, const projection::AsOf& as_of) {
  if (const auto* position = std::get_if<event::Position>(&as_of)) {
    const auto stream = event::to_string(position->stream);
    if (place.merged() || stream != place.own().province) return bad_parameter("as_of", "That is not the stream of this unit's province.");
  }
  if (auto why = cuts_.impossible(as_of); !why.empty()) return bad_parameter("as_of", std::move(why));
  for (const auto& point : place.provinces) {
    const bool lacks = point.stream == nullptr || cuts_.missing(*point.stream, as_of);
    if (lacks) return http::later(503, Code::Unavailable, "This node has not applied that yet.", 1);
  }
  return std::nullopt;
}

void Past::cut(Place& place, const projection::AsOf& as_of) {
  place.complete = true;
  for (auto& point : place.provinces) {
    // What was missing may have been applied since the place was found.
    point.show(point.stream->view());
    const auto cut = cuts_.cut(*point.stream, *point.view, as_of, place.complete);
    place.complete = place.complete && cut.complete;
    point.next = cut.next;
    if (cut.next == point.view->next || cut.next == 0) continue;
    const auto last = projection_.model().leaf({point.stream->stream(), cut.next - 1});
    CHECK(last.has_value());
    point.recorded_at = last->recorded_at;
  }
}

Figures Past::figures_at(const Standpoint& point, const reporting::Published& published, Figures wanted) const {
  if (wanted == Figures::Published) return wanted;
  // Once this version counts, what is published is its own.
  const bool counts = reporting::fold_version == reporting::first_fold_version || std::ranges::any_of(published.turns, [&](const auto& turn) {
    return turn.fold_version >= reporting::fold_version && has_applied(point, turn.number);
  });
  return counts ? Figures::Published : Figures::Own;
}

void Past::read(Place& place, const Wanted& wanted) {
  const auto& plan = *place.plan;
  const auto published = projection_.control().published();
  const auto* one = wanted.indicator ? &plan.indicators.at(find_indicator(plan, *wanted.indicator).value()) : nullptr;
  struct Slot {
    answer::PublishedRound* round;
    std::size_t unit;
    catalogue::Index indicator;
  };
  std::vector<std::shared_ptr<answer::PublishedRound>> rounds;
  for (const auto figures : {Figures::Published, Figures::Own}) {
    std::vector<readmodel::ResultAt> asked;
    std::vector<Slot> slots;
    for (auto& point : place.provinces) {
      if (figures_at(point, *published, wanted.figures) != figures) continue;
      point.round = nullptr;
      if (point.next == 0) continue;
      auto& round = rounds.emplace_back(std::make_shared<answer::PublishedRound>(answer::unpublished(place.plan, point.province)));
      point.round = round;
      if (!place.merged()) place.within = round->find(place.unit->code).value();
      const event::Position at{point.stream->stream(), point.next - 1};
      for (std::size_t u = 0; u < round->units.size(); ++u) {
        if (u != 0 && u != place.within && !wanted.districts) continue;
        for (catalogue::Index i = 0; i < plan.indicators.size(); ++i) {
          if (one != nullptr && &plan.indicators[i] != one) continue;
          asked.push_back({at, round->units[u].code, plan.indicators[i].number});
          slots.push_back({round.get(), u, i});
        }
      }
    }
    const auto rows = projection_.model().rows(plan.round, asked, figures);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i]) answer::take(*slots[i].round, slots[i].unit, slots[i].indicator, *rows[i]);
    }
  }
  for (auto& point : place.provinces) {
    if (point.round != nullptr && point.round->revision == 0) point.round = nullptr;
  }
  if (place.merged() || place.own().round == nullptr) return;
  auto& unit = rounds.front()->units.at(place.within);
  unit.version = projection_.model().version({place.own().stream->stream(), place.own().next - 1}, plan.round, unit.code);
}

}  // namespace tamroi::query
