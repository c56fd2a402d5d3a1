#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "sample/drafting.h"
#include "sample/render.h"

namespace tamroi::sample {
namespace {

using catalogue::Members;

constexpr std::size_t shapes_depth_max = 8;
constexpr std::uint32_t digits_max = 12;  // more could be taken for a person's number

struct Placeholder {
  std::string_view name;
  Piece::What what;
};
constexpr std::array<Placeholder, 8> placeholders{{{"unit", Piece::What::Unit},
                                                   {"province", Piece::What::Province},
                                                   {"member", Piece::What::Member},
                                                   {"word", Piece::What::Word},
                                                   {"n", Piece::What::Number},
                                                   {"month", Piece::What::Month},
                                                   {"date", Piece::What::Date},
                                                   {"digits", Piece::What::Digits}}};

bool is_draw(const catalogue::Value& value) {
  return value.kind == catalogue::Value::Kind::Map && value.items.size() == 1 && value.items[0].key.starts_with('$');
}

bool is_literal(const catalogue::Value& value) {
  if (value.quoted) return false;
  const std::string_view text = value.text;
  if (text == "true" || text == "false") return true;
  return !text.empty() && text.size() <= 16 && (text == "0" || text[0] != '0') &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<Piece> Drafting::read_pieces(std::string_view text, std::size_t line) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    if (open > 0) pieces.push_back({Piece::What::Text, escaped(text.substr(0, open)), 0});
    text.remove_prefix(open);
    if (text.empty()) break;
    const auto close = text.find('}');
    const auto inside = text.substr(1, close == std::string_view::npos ? close : close - 1);
    const auto colon = std::min(inside.find(':'), inside.size());
    const auto* known = std::ranges::find(placeholders, inside.substr(0, colon), &Placeholder::name);
    Piece piece{.what = Piece::What::Text, .text = {}, .width = 0};
    const auto digits = inside.substr(std::min(colon + 1, inside.size()));
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), piece.width);
    const bool sized = failed == std::errc() && end == digits.data() + digits.size() && piece.width <= digits_max;
    if (close == std::string_view::npos || known == placeholders.end() || (colon < inside.size() && !sized)) {
      reporter_.error(line, fmt::format("\"{{{}}}\" stands for nothing.", inside));
      return pieces;
    }
    piece.what = known->what;
    pieces.push_back(std::move(piece));
    text.remove_prefix(close + 1);
  }
  return pieces;
}

Template Drafting::read_template(const Value& value, const std::vector<Index>& kinds) {
  Template made;
  if (is_draw(value)) {
    made = read_draw(value.items[0], kinds);
  } else if (value.kind == Value::Kind::Map) {
    made = read_object(value, kinds);
  } else if (value.kind == Value::Kind::List) {
    made.kind = Template::Kind::List;
    for (const auto& item : value.items) made.items.push_back(read_template(item, kinds));
  } else if (is_literal(value)) {
    made.kind = Template::Kind::Literal;
    made.text = value.text;
  } else if (value.kind == Value::Kind::Scalar) {
    made.pieces = read_pieces(value.text, value.line);
  } else {
    reporter_.error(value.line, "Here must be a value.");
  }
  made.key = value.key;
  return made;
}

Template Drafting::read_object(const Value& value, const std::vector<Index>& kinds) {
  Template made{.kind = Template::Kind::Object};
  for (const auto& item : value.items) {
    if (item.key.starts_with('$')) reporter_.error(item.line, "A draw stands alone.");
    made.items.push_back(read_template(item, kinds));
  }
  return made;
}

Template Drafting::read_draw(const Value& value, const std::vector<Index>& kinds) {
  const std::string_view name = std::string_view(value.key).substr(1);
  if (name == "one_of") return read_choice(value, kinds);
  if (name == "part") return read_branches(value, Template::Kind::Part, kinds);
  if (name == "chance") return read_branches(value, Template::Kind::Chance, kinds);
  if (name == "money") return read_money(value, kinds);
  Template made;
  if (name == "some_of") {
    const Members members(value, reporter_, {"of", "chance"});
    made.kind = Template::Kind::SomeOf;
    for (const auto& item : catalogue::read_list(members.need("of"), reporter_)) {
      made.items.push_back(read_template(item, kinds));
    }
    made.quantity = read_quantity(members.need("chance"), true, {});
  } else if (name == "number") {
    made.kind = Template::Kind::Number;
    made.quantity = read_quantity(&value, false, {});
  } else if (name == "hex") {
    made.kind = Template::Kind::Hex;
    const auto digits = read_number(&value, 1, 1024, 1);
    made.quantity.value = {digits, digits};
  } else if (name == "trait" || name == "one_of_trait") {
    made.kind = name == "trait" ? Template::Kind::Trait : Template::Kind::OneOfTrait;
    made.trait = read_trait(&value, kinds);
    check_trait(made, kinds, value.line);
  } else if (name == "shape") {
    const auto shape = shapes_.find(value.text);
    if (shape == shapes_.end() || shapes_open_ == shapes_depth_max) {
      reporter_.error(value.line, fmt::format("There is no shape \"{}\", or it leads to itself.", value.text));
      return made;
    }
    ++shapes_open_;
    made = read_template(*shape->second, kinds);
    --shapes_open_;
  } else {
    reporter_.unknown(value.line, "draw", name,
                      {"one_of", "some_of", "number", "money", "hex", "trait", "one_of_trait", "part", "chance",
                       "shape"});
  }
  return made;
}

// A list of values that are all alike, or a map of words with their weights.
Template Drafting::read_choice(const Value& value, const std::vector<Index>& kinds) {
  Template made{.kind = Template::Kind::OneOf};
  if (value.kind == Value::Kind::Map && !value.items.empty()) {
    for (const auto& item : value.items) {
      Template word;
      word.pieces = read_pieces(item.key, item.line);
      made.items.push_back(std::move(word));
      made.weights.push_back(static_cast<std::uint32_t>(read_number(&item, 1, 1'000'000, 1)));
    }
    return made;
  }
  for (const auto& item : catalogue::read_list(&value, reporter_)) made.items.push_back(read_template(item, kinds));
  return made;
}

Template Drafting::read_branches(const Value& value, Template::Kind kind, const std::vector<Index>& kinds) {
  Template made{.kind = kind};
  const Members members(value, reporter_, {"share", "is", "else"});
  made.quantity = read_quantity(members.need("share"), true, {});
  if (const auto* is = members.need("is")) made.items.push_back(read_template(*is, kinds));
  if (const auto* rest = members.get("else")) made.items.push_back(read_template(*rest, kinds));
  return made;
}

Template Drafting::read_money(const Value& value, const std::vector<Index>& kinds) {
  Template made{.kind = Template::Kind::Money};
  const Members members(value, reporter_, {"of", "growth"});
  made.trait = read_trait(members.need("of"), kinds);
  made.quantity = read_quantity(members.get("growth"), true, {});
  check_trait(made, kinds, value.line);
  return made;
}

// Only an element of a set can be told, and only a number can grow.
void Drafting::check_trait(const Template& what, const std::vector<Index>& kinds, std::size_t line) {
  if (what.trait == none || what.kind == Template::Kind::Trait) return;
  for (const auto kind : kinds) {
    const auto& trait = description_.kinds[kind].traits[what.trait];
    const bool set = trait.value.kind == Template::Kind::SomeOf || trait.value.kind == Template::Kind::List;
    if (what.kind == Template::Kind::OneOfTrait && !set) reporter_.error(line, fmt::format("\"{}\" is no set.", trait.name));
    const bool number = trait.value.kind == Template::Kind::Number;
    if (what.kind == Template::Kind::Money && !number) reporter_.error(line, fmt::format("\"{}\" is no number.", trait.name));
  }
}

// The place of the trait among those of each of the kinds: one place for all, so that one number is enough.
Index Drafting::read_trait(const Value* value, const std::vector<Index>& kinds) {
  const auto name = catalogue::read_text(value, reporter_);
  if (!name) return none;
  Index place = none;
  for (const auto kind : kinds) {
    const auto& traits = description_.kinds.at(kind).traits;
    const auto found = std::ranges::find(traits, *name, &Trait::name);
    const auto here = static_cast<Index>(found - traits.begin());
    if (found == traits.end() || (place != none && place != here)) place = none;
    if (found == traits.end()) break;
    if (place == none && kind == kinds.front()) place = here;
  }
  if (place == none) {
    reporter_.error(value->line, fmt::format("No trait \"{}\", in the same place, of every kind that this is of.", *name));
  }
  return place;
}

}  // namespace tamroi::sample
