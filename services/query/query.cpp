#include "query/query.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "answer/answer.h"
#include "projection/outcomes.h"
#include "projection/receipts.h"
#include "query/parameters.h"
#include "query/place.h"
#include "query/told.h"
#include "reporting/permissions.h"
#include "reporting/values.h"
#include "scoring/lacking.h"

namespace tamroi::query {
namespace {

namespace json = boost::json;
using base::Code;
using http::Response;

Response not_followed() { return http::later(503, Code::NotFollowed, projection::not_followed, 60); }

std::string_view word(catalogue::Level level) {
  switch (level) {
    case catalogue::Level::Ministry: return "ministry";
    case catalogue::Level::Region: return "region";
    case catalogue::Level::Province: return "province";
    case catalogue::Level::District: break;
  }
  return "district";
}

json::object told(const catalogue::Units& units, const catalogue::Unit& unit) {
  json::object about{{"unit", unit.code}, {"level", word(unit.level)}, {"name", json::object{{"th", unit.name_th}, {"en", unit.name_en}}}};
  if (unit.level != catalogue::Level::Ministry) about["parent"] = units.at(unit.parent).code;
  json::array children;
  for (const auto child : unit.children) children.emplace_back(units.at(child).code);
  about["children"] = std::move(children);
  return about;
}

}  // namespace

Response Query::units(const Actor&, const Request&, const Match&) {
  const auto published = projection_.control().published();
  const auto& tree = published->units();
  json::array all;
  for (const auto& unit : tree.all()) all.push_back(told(tree, unit));
  return found({{"units", std::move(all)}});
}

Response Query::unit(const Actor&, const Request&, const Match& match) {
  const auto published = projection_.control().published();
  const auto* unit = published->units().find(match.parameter("unit"));
  if (unit == nullptr) return http::problem(404, Code::NotFound, "There is no such unit.");
  auto body = told(published->units(), *unit);
  json::array rounds;
  for (const auto& [name, plan] : published->plans) {
    if (plan->units.find(unit->code) != nullptr) rounds.emplace_back(name);
  }
  body["rounds"] = std::move(rounds);
  return found(body);
}

Response Query::results(const Actor&, const Request& request, const Match& match) {
  const auto as_of = as_of_of(request);
  if (!as_of) return as_of.error();
  if (*as_of) return results_then(request, match, **as_of);
  const auto place = find_place(projection_, match);
  if (!place) return place.error();
  const auto revision = revision_of(request, *place->plan);
  if (!revision) return revision.error();
  const auto asked = fmt::format("results {} {} {}", place->plan->round, place->unit->code, *revision);
  if (auto told = cache_.find(asked, place->views())) return found(std::move(told));
  auto body = results_of(*place, {.revision = *revision});
  body["as_of"] = place->as_of();
  auto told = std::make_shared<const std::string>(json::serialize(body));
  cache_.keep(asked, place->views(), told);
  return found(std::move(told));
}

Response Query::indicator(const Actor&, const Request& request, const Match& match) {
  const auto as_of = as_of_of(request);
  if (!as_of) return as_of.error();
  if (*as_of) return indicator_then(request, match, **as_of);
  auto place = find_place(projection_, match);
  if (!place) return place.error();
  const auto indicator = find_indicator(*place->plan, match.parameter("indicator"));
  if (!indicator) return indicator.error();
  const auto revision = revision_of(request, *place->plan);
  if (!revision) return revision.error();
  answer::View view{.revision = *revision};
  json::object body;
  if (place->merged()) {
    body = answer::merged_result(*place->plan, *indicator, place->rounds(), view);
  } else {
    auto& point = place->provinces.front();
    // Who is lacking is known to the fold alone; what it stands at is read at the same moment.
    projection_.province(point.province)->with_round(place->plan->round, [&](const auto& now, const reporting::RoundState& state) {
      point.show(std::make_shared<projection::ProvinceView>(now));
      point.round = now.rounds.at(place->plan->round);
      view.lacking = [&](std::size_t unit, catalogue::Index measure) { return scoring::lacking(state.measures, unit, measure); };
      body = answer::result(*point.round, place->within, *indicator, view);
    });
  }
  body["fact_types"] = answer::fact_types(*place->plan, *indicator);
  body["as_of"] = place->as_of();
  return found(body);
}

Response Query::history(const Actor&, const Request& request, const Match& match) {
  const auto place = find_place(projection_, match);
  if (!place) return place.error();
  if (place->merged()) return http::problem(404, Code::NotFound, "Districts and provinces have a history; their regions are merged from them.");
  const auto indicator = find_indicator(*place->plan, match.parameter("indicator"));
  if (!indicator) return indicator.error();
  const auto limit = rows_of(request, page_rows_max_);
  if (!limit) return limit.error();
  const auto before = number_of(request, "cursor", UINT64_MAX, 0, UINT64_MAX);
  if (!before) return before.error();
  const auto stream = event::parse_stream(place->own().province).value();
  auto entries = projection_.model().changes(stream, place->plan->round, place->unit->code, place->plan->indicators[*indicator].number,
                                             *before, *limit + 1);
  const bool more = entries.size() > *limit;
  if (more) entries.pop_back();
  json::array changes;
  for (const auto& entry : entries) {
    const auto folded = projection_.model().folded({stream, entry.offset});
    changes.push_back(answer::change(entry.change, projection::cause_of(folded.value())));
  }
  json::object body{{"changes", std::move(changes)}};
  if (more) body["next_cursor"] = std::to_string(entries.back().offset);
  return found(body);
}

Response Query::levels(const Actor&, const Request& request, const Match& match) {
  const auto as_of = as_of_of(request);
  if (!as_of) return as_of.error();
  if (*as_of) return levels_then(request, match, **as_of);
  const auto place = find_place(projection_, match);
  if (!place) return place.error();
  if (auto refused = levels_refused(*place, request)) return std::move(*refused);
  const auto indicator = find_indicator(*place->plan, *request.parameter("indicator"));
  if (!indicator) return bad_parameter("indicator", "The round has no such indicator.");
  const auto revision = revision_of(request, *place->plan);
  if (!revision) return revision.error();
  const auto asked = fmt::format("levels {} {} {} {}", place->plan->round, place->unit->code, *indicator, *revision);
  if (auto told = cache_.find(asked, place->views())) return found(std::move(told));
  auto body = answer::levels(*place->plan, place->unit->code, *indicator, place->rounds(), {.revision = *revision});
  body["as_of"] = place->as_of();
  auto told = std::make_shared<const std::string>(json::serialize(body));
  cache_.keep(asked, place->views(), told);
  return found(std::move(told));
}

Response Query::submission(const Actor& actor, const Request& request, const Match& match) {
  const auto id = base::Uuid::parse(match.parameter("id"));
  if (!id) return http::problem(404, Code::NotFound, "There is no such submission.");
  if (const auto text = request.parameter("position")) {
    const auto position = event::parse_position(*text);
    if (position && !projection_.follows().has(position->stream)) return not_followed();
    const auto* province = position ? projection_.province(event::to_string(position->stream)) : nullptr;
    if (province == nullptr) return bad_parameter("position", "A position such as 24:17 is expected.");
    if (province->view()->next <= position->offset) {
      return found({{"id", id->to_string()}, {"position", answer::position(*position)}, {"verdict", "pending"}});
    }
  }
  const auto one = submitted(actor, request, *id);
  return one ? found(one->told.body) : one.error();
}

// The first record with the id, of those provinces that the account may read it of.
std::expected<Query::Submitted, Response> Query::submitted(const Actor& actor, const Request& request, const base::Uuid& id) const {
  const auto published = projection_.control().published();
  const reporting::Permissions permissions{published->units()};
  auto positions = projection_.model().submissions(id);
  if (const auto unit = request.parameter("unit")) {
    const auto* province = published->units().province_of(*unit);
    if (province == nullptr) return std::unexpected(bad_parameter("unit", "A district or province is expected."));
    if (!projection_.follows().has(published->units(), *unit)) return std::unexpected(not_followed());
    std::erase_if(positions, [&](const auto& each) { return event::to_string(each.stream) != province->code; });
  } else if (positions.empty() && !projection_.follows().all()) {
    return std::unexpected(not_followed());  // another may have it
  }
  if (positions.empty()) return std::unexpected(http::problem(404, Code::NotFound, "There is no such submission."));
  std::vector<Submitted> permitted;
  for (const auto& position : positions) {
    auto told = projection::submission_outcome(projection_, position);
    if (told && permissions.may_read_facts(actor, told->unit)) permitted.push_back({position, std::move(*told)});
  }
  if (permitted.empty()) return std::unexpected(http::problem(403, Code::NotPermitted, "This account does not read this unit's submissions."));
  if (permitted.size() > 1) return std::unexpected(bad_parameter("unit", "Several provinces used this id: name a unit of the one that is meant."));
  return std::move(permitted.front());
}

Response Query::receipt(const Actor& actor, const Request& request, const Match& match) {
  const auto id = base::Uuid::parse(match.parameter("id"));
  if (!id) return http::problem(404, Code::NotFound, "There is no such submission.");
  const auto one = submitted(actor, request, *id);
  if (!one) return one.error();
  const auto& checkpoints = *projection_.checkpoints();
  if (checkpoints.newest() == nullptr) return http::problem(404, Code::NotFound, "The log has no checkpoint: nothing was signed yet.");
  const auto receipt = projection::receipt_of(projection_, one->position);
  if (!receipt) return http::later(503, Code::Unavailable, "No checkpoint covers it yet; ask again a little later.", 5);
  return {200, "application/json", audit::to_string(*receipt), {}};
}

Response Query::accounts(const Actor&, const Request& request, const Match&) {
  const auto limit = rows_of(request, page_rows_max_);
  if (!limit) return limit.error();
  const auto cursor = request.parameter("cursor");
  if (cursor && !reporting::is_entity_name(*cursor)) return bad_parameter("cursor", "The cursor of an earlier page is expected.");
  const std::string after(cursor.value_or(""));
  json::array page;
  std::optional<std::string> next;
  projection_.control().with_fold([&](const reporting::ControlFold& fold) {
    for (auto each = fold.accounts().upper_bound(after); each != fold.accounts().end(); ++each) {
      const auto& account = each->second;
      if (page.size() == *limit) {
        next = page.back().at("account").as_string().c_str();
        return;
      }
      json::object told{{"account", account.account}, {"role", account.role}, {"unit", account.unit}, {"granted", answer::position(account.granted)}};
      if (account.expires_on) told["expires_on"] = base::to_string(*account.expires_on);
      if (account.revoked) told["revoked"] = answer::position(*account.revoked);
      page.push_back(std::move(told));
    }
  });
  json::object body{{"accounts", std::move(page)}};
  if (next) body["next_cursor"] = *next;
  return found(body);
}

Response Query::control(const Actor& actor, const Request&, const Match& match) {
  const auto id = base::Uuid::parse(match.parameter("id"));
  const auto offset = !id ? std::nullopt : projection_.control().with_fold([&](const auto& fold) { return fold.first_of(*id); });
  const auto told = offset ? projection::control_outcome(projection_, *offset) : std::nullopt;
  if (!told) return http::problem(404, Code::NotFound, "There is no such control.");
  if (!reporting::Permissions::may_read_control(actor, told->sender.account)) {
    return http::problem(403, Code::NotPermitted, "This account does not read this control.");
  }
  return found(told->body);
}

}  // namespace tamroi::query
