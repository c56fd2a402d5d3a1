#include "query/place.h"

#include <algorithm>
#include <charconv>

namespace tamroi::query {
namespace {

using base::Code;

Standpoint standpoint(const projection::Projection& projection, const std::string& province, std::string_view round) {
  Standpoint point{.province = province, .stream = projection.province(province)};
  const auto* stream = point.stream;
  if (stream == nullptr) return point;
  // Asked before the view is taken, which then is no older.
  point.unread = !projection.ready(*stream) && !stream->stopped();
  point.show(stream->view());
  const auto found = point.view->rounds.find(round);
  if (found != point.view->rounds.end() && found->second->revision != 0) point.round = found->second;
  return point;
}

}  // namespace

void Standpoint::show(std::shared_ptr<const projection::ProvinceView> now) {
  view = std::move(now);
  next = view->next;
  recorded_at = view->recorded_at;
}

answer::Provinces Place::rounds() const {
  answer::Provinces rounds;
  for (const auto& point : provinces) rounds.push_back(point.round);
  return rounds;
}

AnswerCache::Views Place::views() const {
  AnswerCache::Views views;
  for (const auto& point : provinces) views.push_back(point.view);
  return views;
}

boost::json::object Place::as_of() const {
  boost::json::object positions;
  base::Instant recorded_at;
  for (const auto& point : provinces) {
    if (point.round == nullptr) continue;
    positions[point.province] = point.next - 1;
    recorded_at = std::max(recorded_at, point.recorded_at);
  }
  return {{"positions", std::move(positions)}, {"recorded_at", base::to_string(recorded_at)}, {"complete", complete}};
}

std::vector<const catalogue::Unit*> provinces_under(const catalogue::Plan& plan, std::string_view unit) {
  const auto& units = plan.units;
  if (units.find(unit) == nullptr) return {};
  if (const auto* own = units.province_of(unit); own != nullptr) return {own};
  std::vector<const catalogue::Unit*> provinces;
  for (const auto& each : units.all()) {
    if (each.level == catalogue::Level::Province && units.within(each.code, unit)) provinces.push_back(&each);
  }
  return provinces;
}

std::expected<Place, http::Response> find_place(const projection::Projection& projection, const http::RouteMatch& match) {
  const auto published = projection.control().published();
  const auto found = published->plans.find(match.parameter("round"));
  if (found == published->plans.end()) return std::unexpected(http::problem(404, Code::NotFound, "There is no such round."));
  Place place{found->second, found->second->units.find(match.parameter("unit")), {}, 0};
  if (place.unit == nullptr) return std::unexpected(http::problem(404, Code::NotFound, "There is no such unit."));
  if (!projection.follows().has(place.plan->units, place.unit->code)) {
    return std::unexpected(http::later(503, Code::NotFollowed, projection::not_followed, 60));
  }
  for (const auto* unit : provinces_under(*place.plan, place.unit->code)) place.provinces.push_back(standpoint(projection, unit->code, place.plan->round));
  std::ranges::sort(place.provinces, {}, &Standpoint::province);
  const bool unread = std::ranges::any_of(place.provinces, [](const auto& point) {
    return point.stream != nullptr && point.view->next == 0 && point.stream->unread();
  });
  if (!projection.counts()) return std::unexpected(http::later(503, Code::Unavailable, "This node's version of the fold does not count yet.", 1));
  if (unread) return std::unexpected(http::later(503, Code::Unavailable, "This node has just started and has not read that yet.", 1));
  const bool open = std::ranges::any_of(place.provinces, [](const auto& point) { return point.round != nullptr; });
  const bool waits = std::ranges::any_of(place.provinces, [&](const auto& point) {
    return point.unread && point.round == nullptr && (!open || point.view == nullptr || point.view->next == 0);
  });
  if (waits) return std::unexpected(http::later(503, Code::Unavailable, "This node has not read its journal yet.", 1));
  if (!open) return std::unexpected(http::problem(404, Code::RoundNotOpen, "The round is not open yet."));
  if (!place.merged()) place.within = place.own().round->find(place.unit->code).value();
  return place;
}

std::expected<catalogue::Index, http::Response> find_indicator(const catalogue::Plan& plan, std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto index = error == std::errc() && end == text.data() + text.size() ? plan.indicator_index(number) : catalogue::none;
  if (index == catalogue::none) return std::unexpected(http::problem(404, Code::NotFound, "The round has no such indicator."));
  return index;
}

}  // namespace tamroi::query
