#include "gateway/routes.h"

#include <ranges>

#include <boost/json.hpp>

#include "base/problem.h"
#include "reporting/permissions.h"

namespace tamroi::gateway {
namespace {

namespace json = boost::json;
using reporting::Permissions;
using reporting::Role;

json::array words_of(std::string_view list) {
  json::array words;
  for (const auto word : std::views::split(list, ' ')) {
    if (!word.empty()) words.emplace_back(std::string_view(word));
  }
  return words;
}

// A parameter that takes the rest of a path is written as any other.
std::string without_marks(std::string_view pattern) {
  std::string path(pattern);
  if (const auto mark = path.find("...}"); mark != std::string::npos) path.erase(mark, 3);
  return path;
}

json::array roles_of(Who who) {
  json::array roles;
  for (const auto role : {Role::DistrictOfficer, Role::ProvinceOfficer, Role::MinistryOfficer, Role::Auditor, Role::Operator}) {
    const auto word = reporting::to_string(role);
    if (permits(who, {"", std::string(word), ""})) roles.emplace_back(word);
  }
  return roles;
}

}  // namespace

bool permits(Who who, const event::Actor& actor) {
  switch (who) {
    case Who::Anybody:
    case Who::AnyAccount: return true;
    case Who::Submitters: return Permissions::may_submit_at_all(actor);
    case Who::Controllers: return Permissions::may_control_at_all(actor);
    // Which units' facts they may read depends on the unit; who reads results may read some.
    case Who::ReadersOfResults:
    case Who::ReadersOfFacts: return Permissions::may_read_results(actor);
    case Who::ReadersOfControls: return Permissions::may_read_controls_at_all(actor);
    case Who::Restaters: return Permissions::may_restate(actor);
    case Who::Auditors: return Permissions::may_read_streams(actor);
    case Who::ReadersOfAccounts: return Permissions::may_read_accounts(actor);
  }
  return false;
}

bool lists(std::string_view list, std::string_view word) {
  const auto same = [&](const auto& each) { return std::string_view(each) == word; };
  return !word.empty() && std::ranges::any_of(std::views::split(list, ' '), same);
}

std::string routes_told() {
  json::array all;
  for (const auto& route : routes::all) {
    all.push_back({{"method", route.method}, {"path", without_marks(route.pattern)}, {"token", route.who != Who::Anybody}, {"roles", roles_of(route.who)},
                   {"parameters", words_of(route.parameters)}, {"to_come", words_of(route.to_come)}});
  }
  json::array codes;
  for (const auto word : base::code_words()) codes.emplace_back(word);
  return json::serialize(json::object{{"routes", std::move(all)}, {"codes", std::move(codes)}});
}

}  // namespace tamroi::gateway
