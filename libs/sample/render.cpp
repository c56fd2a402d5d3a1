#include "sample/render.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include <fmt/format.h>

#include "base/check.h"

namespace tamroi::sample {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_padded(std::uint64_t number, std::uint32_t width, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{:0{}}", number, width);
}

void append_digits(std::uint32_t count, Chance& chance, std::string& out) {
  for (std::uint32_t i = 0; i < count; ++i) out += static_cast<char>('0' + chance.below(10));
}

void append_hex(std::int64_t count, Chance& chance, std::string& out) {
  std::uint64_t bits = 0;
  for (std::int64_t i = 0; i < count; ++i, bits >>= 4U) {
    if (i % 16 == 0) bits = chance.next();
    out += hex_digits[bits & 0xFU];
  }
}

const Template& one_of(const Template& what, Chance& chance) {
  if (what.weights.empty()) return what.items.at(chance.below(what.items.size()));
  auto left = chance.below(std::accumulate(what.weights.begin(), what.weights.end(), std::uint64_t{0}));
  std::size_t at = 0;
  while (left >= what.weights[at]) left -= what.weights[at++];
  return what.items[at];
}

// Which of the items of a SomeOf are drawn.
std::vector<bool> some_of(const Template& what, const Scene& scene, Chance& chance) {
  std::vector<bool> drawn(what.items.size());
  const auto share = static_cast<std::uint64_t>(range_of(what.quantity, scene).low);
  for (std::size_t i = 0; i < drawn.size(); ++i) drawn[i] = chance.below(whole) < share;
  drawn[chance.below(drawn.size())] = true;
  return drawn;
}

// What is drawn for the trait, always the same for a member.
const Template& trait_of(const Template& what, const Scene& scene) {
  CHECK(scene.traits != nullptr);
  return scene.traits->at(what.trait).value;
}
Chance chance_of_trait(const Template& what, const Scene& scene) {
  return Chance(key_of({scene.traits_key, what.trait}));
}

bool write_list(const Template& what, const std::vector<bool>* drawn, const Scene& scene, Chance& chance,
                std::string& out) {
  out += '[';
  const auto empty = out.size();
  for (std::size_t i = 0; i < what.items.size(); ++i) {
    if (drawn != nullptr && !(*drawn)[i]) continue;
    if (out.size() > empty) out += ',';
    (void)write(what.items[i], scene, chance, out);
  }
  out += ']';
  return true;
}

bool write_one_of_trait(const Template& what, const Scene& scene, Chance& chance, std::string& out) {
  const auto& set = trait_of(what, scene);
  if (set.kind == Template::Kind::List) return write(set.items.at(chance.below(set.items.size())), scene, chance, out);
  CHECK(set.kind == Template::Kind::SomeOf);
  auto first = chance_of_trait(what, scene);
  const auto drawn = some_of(set, scene, first);
  auto left = chance.below(static_cast<std::uint64_t>(std::ranges::count(drawn, true)));
  std::size_t at = 0;
  while (!drawn[at] || left-- > 0) ++at;
  return write(set.items[at], scene, chance, out);
}

void write_money(const Template& what, const Scene& scene, Chance& chance, std::string& out) {
  const auto& earned = trait_of(what, scene);
  auto first = chance_of_trait(what, scene);
  const auto range = range_of(earned.quantity, scene);
  auto satang = first.between(range.low, range.high);
  const auto growth = range_of(what.quantity, scene);
  satang += satang * chance.between(growth.low, growth.high) / whole;
  fmt::format_to(std::back_inserter(out), "\"{}.{:02}\"", satang / 100, satang % 100);
}

bool write_branch(const Template& what, bool first, const Scene& scene, Chance& chance, std::string& out) {
  if (first) return write(what.items[0], scene, chance, out);
  return what.items.size() > 1 && write(what.items[1], scene, chance, out);
}

bool write_object(const Template& what, const Scene& scene, Chance& chance, std::string& out) {
  out += '{';
  const auto empty = out.size();
  for (const auto& item : what.items) {
    const auto before = out.size();
    fmt::format_to(std::back_inserter(out), "{}\"{}\":", before > empty ? "," : "", item.key);
    if (!write(item, scene, chance, out)) out.resize(before);
  }
  out += '}';
  return true;
}

}  // namespace

Range range_of(const Quantity& quantity, const Scene& scene) {
  if (quantity.setting == none) return quantity.value;
  if (scene.settings != nullptr) return (*scene.settings)[quantity.setting];
  return scene.description->settings[quantity.setting].value;
}

void write(const std::vector<Piece>& pieces, const Scene& scene, Chance& chance, std::string& out) {
  for (const auto& piece : pieces) {
    switch (piece.what) {
      case Piece::What::Text: out += piece.text; break;
      case Piece::What::Unit: out += scene.unit; break;
      case Piece::What::Province: out += scene.province; break;
      case Piece::What::Member: out += scene.member; break;
      case Piece::What::Word: out += scene.word; break;
      case Piece::What::Number: append_padded(scene.number, piece.width, out); break;
      case Piece::What::Month: out += scene.month; break;
      case Piece::What::Date: out += base::to_string(scene.date); break;
      case Piece::What::Digits: append_digits(piece.width, chance, out); break;
    }
  }
}

bool write(const Template& what, const Scene& scene, Chance& chance, std::string& out) {
  switch (what.kind) {
    case Template::Kind::Text:
      out += '"';
      write(what.pieces, scene, chance, out);
      out += '"';
      return true;
    case Template::Kind::Literal: out += what.text; return true;
    case Template::Kind::Object: return write_object(what, scene, chance, out);
    case Template::Kind::List: return write_list(what, nullptr, scene, chance, out);
    case Template::Kind::OneOf: return write(one_of(what, chance), scene, chance, out);
    case Template::Kind::SomeOf: {
      const auto drawn = some_of(what, scene, chance);
      return write_list(what, &drawn, scene, chance, out);
    }
    case Template::Kind::Number: {
      const auto range = range_of(what.quantity, scene);
      fmt::format_to(std::back_inserter(out), "{}", chance.between(range.low, range.high));
      return true;
    }
    case Template::Kind::Money: write_money(what, scene, chance, out); return true;
    case Template::Kind::Hex:
      out += '"';
      append_hex(what.quantity.value.low, chance, out);
      out += '"';
      return true;
    case Template::Kind::Trait: {
      auto first = chance_of_trait(what, scene);
      return write(trait_of(what, scene), scene, first, out);
    }
    case Template::Kind::OneOfTrait: return write_one_of_trait(what, scene, chance, out);
    case Template::Kind::Part: {
      const auto share = static_cast<std::uint64_t>(range_of(what.quantity, scene).low);
      return write_branch(what, scene.rank < (scene.members * share + scene.rounding) / whole, scene, chance, out);
    }
    case Template::Kind::Chance: {
      const auto share = static_cast<std::uint64_t>(range_of(what.quantity, scene).low);
      return write_branch(what, chance.below(whole) < share, scene, chance, out);
    }
  }
  return false;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace tamroi::sample
