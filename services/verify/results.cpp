#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "answer/answer.h"
#include "answer/roll_up.h"
#include "verify/replay.h"

namespace tamroi::verify {
namespace {

namespace json = boost::json;
using audit::Difference;
using catalogue::Level;

Difference differs(std::string what) { return {std::string(audit::results_path), std::move(what)}; }

// The unit's provinces are exactly those that the pack has.
bool is_whole(const audit::ProvenPack& pack, const catalogue::Plan& plan) {
  if (plan.units.find(pack.manifest.unit) == nullptr) return false;
  const auto& unit = pack.manifest.unit;
  for (const auto& other : plan.units.all()) {
    if (other.level != Level::Province) continue;
    const bool wanted = plan.units.within(other.code, unit) || plan.units.within(unit, other.code);
    const auto stream = event::parse_stream(other.code);
    if (!stream || wanted != pack.streams.contains(*stream)) return false;
  }
  return true;
}

json::object as_of(const audit::ProvenPack& pack, const std::vector<std::string>& provinces) {
  json::object positions;
  for (const auto& province : provinces) positions[province] = pack.streams.at(*event::parse_stream(province)).leaves.size() - 1;
  return positions;
}

// Each unit's results, as a server answers them at the end of the streams, with the positions.
void each_result(const audit::ProvenPack& pack, const Replayed& replayed, const std::function<void(json::object)>& visit) {
  for (const auto& [round, provinces] : replayed.rounds) {
    const auto& plan = *replayed.published.plan(round);
    for (const auto& unit : plan.units.all()) {
      if (!plan.units.within(unit.code, pack.manifest.unit)) continue;
      std::vector<std::string> open;
      json::object result;
      if (unit.level >= Level::Province) {
        const auto* owner = plan.units.province_of(unit.code);
        const auto state = owner == nullptr ? provinces.end() : provinces.find(owner->code);
        const auto within = state == provinces.end() ? std::nullopt : state->second->find(unit.code);
        if (!within) continue;
        open.push_back(owner->code);
        result = answer::results(*state->second, *within, {});
      } else {
        answer::Provinces below;
        for (const auto& other : plan.units.all()) {
          if (other.level != Level::Province || !plan.units.within(other.code, unit.code)) continue;
          const auto state = provinces.find(other.code);
          below.push_back(state == provinces.end() ? nullptr : state->second);
          if (state != provinces.end()) open.push_back(other.code);
        }
        if (open.empty()) continue;
        result = answer::merged_results(plan, unit.code, below);
      }
      result["as_of"] = json::object{{"positions", as_of(pack, open)}};
      visit(std::move(result));
    }
  }
}

// An answer may say more than what follows from the records, and says all of it.
std::string difference(const json::object& given, const json::object& computed) {
  for (const auto& [key, value] : computed) {
    const auto* said = given.if_contains(key);
    if (key == "as_of") {
      const auto* positions = said != nullptr && said->is_object() ? said->as_object().if_contains("positions") : nullptr;
      if (positions == nullptr || *positions != value.as_object().at("positions")) return "as_of is not the end of the pack's streams";
    } else if (said == nullptr || *said != value) {
      return fmt::format("{} is another than follows from the records", std::string_view(key));
    }
  }
  return {};
}

}  // namespace

std::string results_of(const audit::ProvenPack& pack, const Replayed& replayed) {
  json::array results;
  each_result(pack, replayed, [&](json::object result) { results.push_back(std::move(result)); });
  return json::serialize(json::object{{"results", std::move(results)}}) + "\n";
}

std::expected<void, Difference> check_results(const audit::ProvenPack& pack, const Replayed& replayed, std::string_view results) {
  for (const auto& [round, plan] : replayed.published.plans) {
    if (!is_whole(pack, *plan)) {
      return std::unexpected(Difference{std::string(audit::manifest_path), fmt::format("the streams are not those of {}", pack.manifest.unit)});
    }
  }
  boost::system::error_code failed;
  const auto document = json::parse(json::string_view(results.data(), results.size()), failed);
  const auto* given = !failed && document.is_object() ? document.as_object().if_contains("results") : nullptr;
  if (given == nullptr || !given->is_array()) return std::unexpected(differs("it is no JSON with results"));
  std::map<std::pair<std::string, std::string>, const json::object*> by_unit;
  const auto text = [](const json::object& object, const char* member) {
    const auto* value = object.if_contains(member);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  for (const auto& item : given->as_array()) {
    if (!item.is_object()) return std::unexpected(differs("a result is no object"));
    const std::pair key(text(item.as_object(), "round"), text(item.as_object(), "unit"));
    if (!by_unit.emplace(key, &item.as_object()).second) return std::unexpected(differs(fmt::format("{} is twice there", key.second)));
  }
  std::optional<Difference> wrong;
  each_result(pack, replayed, [&](const json::object& computed) {
    if (wrong) return;
    const auto unit = text(computed, "unit");
    const auto found = by_unit.extract({text(computed, "round"), unit});
    if (found.empty()) {
      wrong = differs(fmt::format("there are no results of {}", unit));
      return;
    }
    if (const auto why = difference(*found.mapped(), computed); !why.empty()) wrong = differs(fmt::format("{}: {}", unit, why));
  });
  if (wrong) return std::unexpected(std::move(*wrong));
  if (!by_unit.empty()) return std::unexpected(differs(fmt::format("there are results of {}, which the streams do not give", by_unit.begin()->first.second)));
  return {};
}

std::expected<void, Difference> check_catalogues(const audit::PackFolder& folder, const Replayed& replayed) {
  std::map<std::string, std::string_view> wanted;
  for (const auto& [round, files] : replayed.catalogues) {
    for (const auto& [path, text] : files) wanted[audit::catalogue_path(round, path)] = text;
  }
  for (const auto& path : folder.paths) {
    if (!path.starts_with("catalogues/")) continue;
    const auto found = wanted.find(path);
    if (found == wanted.end()) return std::unexpected(Difference{path, "no published catalogue has this file"});
    if (folder.read(path) != found->second) return std::unexpected(Difference{path, "the file is not the one that was published"});
    wanted.erase(found);
  }
  if (!wanted.empty()) return std::unexpected(Difference{wanted.begin()->first, "the file is missing; it was published"});
  return {};
}

}  // namespace tamroi::verify
