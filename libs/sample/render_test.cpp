#include "sample/render.h"

#include <map>
#include <set>

#include <catch2/catch_test_macros.hpp>

namespace tamroi::sample {
namespace {

Template text(std::string_view said) {
  Template made;
  made.pieces.push_back({Piece::What::Text, escaped(said), 0});
  return made;
}

Template literal(std::string_view said) {
  Template made{.kind = Template::Kind::Literal};
  made.text = said;
  return made;
}

std::string drawn(const Template& what, std::uint64_t seed = 1, const Scene& scene = {}) {
  Chance chance(seed);
  std::string out;
  if (!write(what, scene, chance, out)) out += "nothing";
  return out;
}

// How often each value comes in many draws.
std::map<std::string, int> draws(const Template& what, const Scene& scene = {}) {
  std::map<std::string, int> counts;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) ++counts[drawn(what, seed, scene)];
  return counts;
}

}  // namespace

TEST_CASE("a text is escaped as JSON wants it") {
  CHECK(drawn(text("a \"b\" \\ c\n")) == R"("a \"b\" \\ c\u000a")");
}

TEST_CASE("placeholders stand for what the scene says") {
  Template made;
  for (auto what : {Piece::What::Unit, Piece::What::Province, Piece::What::Member, Piece::What::Word, Piece::What::Month, Piece::What::Date}) {
    made.pieces.push_back({what, {}, 0});
    made.pieces.push_back({Piece::What::Text, " ", 0});
  }
  made.pieces.push_back({Piece::What::Number, {}, 4});
  Scene scene{.unit = "2401", .province = "24", .member = "m", .word = "w", .number = 17, .month = "2026-10"};
  scene.date = base::from_civil({2026, 10, 3});
  CHECK(drawn(made, 1, scene) == "\"2401 24 m w 2026-10 2026-10-03 0017\"");
}

TEST_CASE("one of several is drawn by weight") {
  Template made{.kind = Template::Kind::OneOf};
  made.items = {text("often"), text("seldom")};
  made.weights = {9, 1};
  const auto counts = draws(made);
  CHECK(counts.size() == 2);
  CHECK(counts.at("\"often\"") > 1'700);
  CHECK(counts.at("\"seldom\"") > 100);
}

TEST_CASE("some of several are at least one, in their order") {
  Template made{.kind = Template::Kind::SomeOf};
  made.items = {text("a"), text("b"), text("c")};
  made.quantity.value = {2'000, 2'000};
  const auto counts = draws(made);
  CHECK(counts.size() == 7);
  CHECK_FALSE(counts.contains("[]"));
  CHECK(counts.contains(R"(["a","b","c"])"));
  CHECK(counts.contains(R"(["b"])"));
}

TEST_CASE("a number lies within its range, both ends included") {
  Template made{.kind = Template::Kind::Number};
  made.quantity.value = {3, 5};
  const auto counts = draws(made);
  CHECK(counts.size() == 3);
  CHECK(counts.contains("3"));
  CHECK(counts.contains("5"));
}

TEST_CASE("a setting says a number for each unit") {
  Template made{.kind = Template::Kind::Number};
  made.quantity.setting = 1;
  const std::vector<Range> settings = {{1, 1}, {8, 8}};
  CHECK(drawn(made, 1, {.settings = &settings}) == "8");
}

TEST_CASE("a trait is the same whenever it is told, and one of it is an element of it") {
  Template some{.kind = Template::Kind::SomeOf};
  some.items = {text("a"), text("b"), text("c"), text("d")};
  some.quantity.value = {3'000, 3'000};
  const std::vector<Trait> traits = {{"lacks", some}};
  Template trait{.kind = Template::Kind::Trait};
  trait.trait = 0;
  Template one{.kind = Template::Kind::OneOfTrait};
  one.trait = 0;
  for (std::uint64_t member = 0; member < 50; ++member) {
    const Scene scene{.traits = &traits, .traits_key = member};
    const auto all = drawn(trait, 1, scene);
    CHECK(all == drawn(trait, 2, scene));
    for (std::uint64_t seed = 0; seed < 20; ++seed) CHECK(all.find(drawn(one, seed, scene)) != std::string::npos);
  }
}

TEST_CASE("money grows from its trait by an exact share, in satang") {
  Template earned{.kind = Template::Kind::Number};
  earned.quantity.value = {123'450, 123'450};
  const std::vector<Trait> traits = {{"earned", earned}};
  Template money{.kind = Template::Kind::Money};
  money.trait = 0;
  CHECK(drawn(money, 1, {.traits = &traits}) == "\"1234.50\"");
  money.quantity.value = {500, 500};
  CHECK(drawn(money, 1, {.traits = &traits}) == "\"1296.22\"");
}

TEST_CASE("a part is of the members, exact but for rounding") {
  Template made{.kind = Template::Kind::Part};
  made.items = {literal("true"), literal("false")};
  made.quantity.value = {6'000, 6'000};
  int among = 0;
  for (std::uint64_t rank = 0; rank < 10; ++rank) among += drawn(made, 1, {.rank = rank, .members = 10}) == "true";
  CHECK(among == 6);
  CHECK(drawn(made, 1, {.rank = 0, .members = 1, .rounding = 3'999}) == "false");
  CHECK(drawn(made, 1, {.rank = 0, .members = 1, .rounding = 4'000}) == "true");
}

TEST_CASE("what chance leaves out is no member") {
  Template made{.kind = Template::Kind::Chance};
  made.items = {literal("1")};
  made.quantity.value = {5'000, 5'000};
  CHECK(draws(made).size() == 2);
  made.key = "b";
  Template object{.kind = Template::Kind::Object};
  object.items = {literal("0"), made, literal("2")};
  object.items[0].key = "a";
  object.items[2].key = "c";
  const auto counts = draws(object);
  CHECK(counts.size() == 2);
  CHECK(counts.contains(R"({"a":0,"b":1,"c":2})"));
  CHECK(counts.contains(R"({"a":0,"c":2})"));
}

TEST_CASE("hex digits are as many as asked for, and differ") {
  Template made{.kind = Template::Kind::Hex};
  made.quantity.value = {64, 64};
  const auto one = drawn(made, 1);
  CHECK(one.size() == 66);
  CHECK(one.find_first_not_of("0123456789abcdef", 1) == 65);
  CHECK(one != drawn(made, 2));
}

}  // namespace tamroi::sample
