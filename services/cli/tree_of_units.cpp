#include "cli/tree_of_units.h"

#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

std::expected<TreeOfUnits, Reply> TreeOfUnits::ask(Client& client, const std::string& unit) {
  TreeOfUnits tree;
  tree.top_ = unit;
  auto reply = client.get("/v1/units/" + encoded(unit));
  const auto about = parse_object(reply.body);
  if (reply.status != 200 || !about) return std::unexpected(std::move(reply));
  const auto& rounds = array_at(*about, "rounds");
  if (!rounds.empty() && rounds.back().is_string()) tree.round_ = rounds.back().get_string();
  reply = client.get("/v1/units");
  const auto all = parse_object(reply.body);
  if (reply.status != 200 || !all) return std::unexpected(std::move(reply));
  for (const auto& value : array_at(*all, "units")) {
    const auto& one = as_object(value);
    tree.units_[text_at(one, "unit")] = one;
  }
  return tree;
}

std::string TreeOfUnits::level(const std::string& code) const {
  const auto found = units_.find(code);
  return found == units_.end() ? "" : text_at(found->second, "level");
}

std::string TreeOfUnits::parent(const std::string& code) const {
  const auto found = units_.find(code);
  return found == units_.end() ? "" : text_at(found->second, "parent");
}

std::string TreeOfUnits::named(const std::string& code) const {
  const auto found = units_.find(code);
  const auto name = found == units_.end() ? "" : text_at(object_at(found->second, "name"), "th");
  return name.empty() ? code : code + ' ' + name;
}

std::vector<std::string> TreeOfUnits::children(const std::string& code) const {
  std::vector<std::string> codes;
  const auto found = units_.find(code);
  if (found == units_.end()) return codes;
  for (const auto& child : array_at(found->second, "children")) {
    if (child.is_string()) codes.emplace_back(child.get_string());
  }
  return codes;
}

std::vector<std::string> TreeOfUnits::with_results(const std::string& code) const {
  std::vector<std::string> all;
  if (const auto is = level(code); is == "district" || is == "province") all.push_back(code);
  for (const auto& child : children(code)) {
    for (auto& below : with_results(child)) all.push_back(std::move(below));
  }
  return all;
}

}  // namespace tamroi::cli
