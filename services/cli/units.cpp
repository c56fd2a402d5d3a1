#include "cli/units.h"

#include <map>

#include <fmt/format.h>

#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/table.h"
#include "cli/unit_names.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr auto units_route = "/v1/units";

using Tree = std::map<std::string, json::object>;

Tree tree_of(const json::object& answer) {
  Tree tree;
  for (const auto& value : array_at(answer, "units")) {
    const auto& unit = as_object(value);
    tree[text_at(unit, "unit")] = unit;
  }
  return tree;
}

std::string named(const Tree& tree, const std::string& code) {
  const auto found = tree.find(code);
  return found == tree.end() ? code : fmt::format("{} {}", code, name_of(found->second));
}

// A unit and all below it, but no districts: how many a province has is said.
void add_branch(std::string& out, const Tree& tree, const std::string& code, std::size_t depth, const Look& look) {
  const auto found = tree.find(code);
  if (found == tree.end()) return;
  const auto& children = array_at(found->second, "children");
  const bool province = text_at(found->second, "level") == "province";
  auto line = named(tree, code);
  if (province) line += fmt::format(", {} districts", children.size());
  out += paragraph(look, 2 * depth, line, depth < 2 ? Tone::Strong : Tone::Plain);
  if (province) return;
  for (const auto& child : children) {
    if (child.is_string()) add_branch(out, tree, std::string(child.get_string()), depth + 1, look);
  }
}

std::string unit_text(const Tree& tree, const json::object& unit, const Look& look) {
  auto out = paragraph(look, 0, fmt::format("{}, a {}", named(tree, text_at(unit, "unit")), text_at(unit, "level")),
                       Tone::Strong);
  if (const auto parent = text_at(unit, "parent"); !parent.empty()) {
    out += paragraph(look, 0, "belongs to " + named(tree, parent), Tone::Faint);
  }
  for (const auto& child : array_at(unit, "children")) {
    if (child.is_string()) out += paragraph(look, 2, named(tree, std::string(child.get_string())));
  }
  return out;
}

}  // namespace

Exit read_units(Client& client, const std::string& unit, const Screen& screen) {
  const auto path = unit.empty() ? std::string(units_route) : fmt::format("{}/{}", units_route, encoded(unit));
  const auto reply = client.get(path);
  const auto answer = parse_object(reply.body);
  if (reply.status != 200 || !answer) return tell_refusal(reply, screen);
  if (screen.json) {
    print_body(reply.body, screen);
    return Exit::Done;
  }
  if (!unit.empty()) {
    const auto all = client.get(units_route);
    screen.output << unit_text(tree_of(parse_object(all.body).value_or(json::object())), *answer, screen.look);
    return Exit::Done;
  }
  const auto tree = tree_of(*answer);
  std::string out;
  for (const auto& [code, one] : tree) {
    if (!one.contains("parent")) add_branch(out, tree, code, 0, screen.look);
  }
  screen.output << out;
  return Exit::Done;
}

}  // namespace tamroi::cli
