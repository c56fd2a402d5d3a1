#include "base/json.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using tamroi::base::Json;
using tamroi::base::JsonValue;
using Type = JsonValue::Type;

namespace {

bool reads(const std::string& text) {
  Json document;
  return document.parse(text).has_value();
}

std::string why(const std::string& text) {
  Json document;
  const auto root = document.parse(text);
  return root ? "" : root.error();
}

}  // namespace

TEST_CASE("values keep their place, their bytes and their siblings") {
  const std::string text = R"( {"a" : [1, "two", {"b": null}, true ,false], "c":{}, "d":-1.50e+3} )";
  Json document;
  const auto root = document.parse(text).value();
  REQUIRE(root.is(Type::Object));
  CHECK(root.size() == 3);
  const auto array = root.member("a");
  CHECK(array.raw() == R"([1, "two", {"b": null}, true ,false])");
  CHECK(array.first().integer() == 1);
  CHECK(array.first().next().text() == "two");
  CHECK(array.first().next().next().member("b").is(Type::Null));
  CHECK(array.first().next().next().next().is(Type::True));
  CHECK(array.first().next().next().next().next().is(Type::False));
  CHECK_FALSE(array.first().next().next().next().next().next());
  CHECK(array.next().key() == "c");
  CHECK(array.next().next().text() == "-1.50e+3");
  CHECK(array.order() < array.next().order());
  CHECK_FALSE(root.member("b"));
}

// Strings are read several characters at a time, so each thing to be found stands at every distance from a beginning.
TEST_CASE("a string is read to the character, wherever in it something stands") {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const std::string left(before, 'a');
      const std::string right(after, '~');
      const auto text_of = [&](const std::string& middle) {
        const std::string text = "[\"" + left + middle + right + "\",0]";
        Json document;
        const auto root = document.parse(text);
        return root ? std::string(root->first().text()) : "refused: " + root.error();
      };
      REQUIRE(text_of("") == left + right);
      REQUIRE(text_of("\x7F") == left + "\x7F" + right);
      REQUIRE(text_of("ตามรอย") == left + "ตามรอย" + right);
      REQUIRE(text_of("\\n\\\"\\u0e15\\ud83d\\ude00") == left + "\n\"ต😀" + right);
      const auto at = std::to_string(2 + before);
      REQUIRE(text_of(std::string(1, '\0')) == "refused: a control character stands in a string at byte " + at);
      REQUIRE(text_of("\x1F") == "refused: a control character stands in a string at byte " + at);
      REQUIRE(text_of("\xC0\x80") == "refused: the text is not valid UTF-8 at byte " + at);
      REQUIRE(text_of("\xED\xA0\x80") == "refused: the text is not valid UTF-8 at byte " + at);
      REQUIRE(text_of("\xFF") == "refused: the text is not valid UTF-8 at byte " + at);
      REQUIRE(text_of("\\ud83d").starts_with("refused: a lone surrogate"));
      REQUIRE(text_of("\\x").starts_with("refused: an unknown escape"));
      REQUIRE(text_of("\"").starts_with("refused: a comma or ]"));
    }
  }
}

TEST_CASE("a text that ends too early is refused wherever it ends") {
  const std::string text = R"({"name":"ครัวเรือน","list":[1,2.5,true,null,"\u0e15\n"],"more":{"a":"0123456789abcdef"}})";
  REQUIRE(reads(text));
  for (std::size_t size = 0; size < text.size(); ++size) CHECK_FALSE(reads(text.substr(0, size)));
  CHECK(why("\"never") == "a string does not end at byte 6");
}

TEST_CASE("doubled keys are refused, few or many, escaped or not") {
  CHECK(why(R"({"a":1,"b":2,"a":3})").starts_with("a member's name stands twice"));
  CHECK(why(R"({"a":1,"\u0061":2})").starts_with("a member's name stands twice"));
  std::string many = "{";
  for (int i = 0; i < 20; ++i) many += '"' + std::to_string(i) + "\":0,";
  CHECK(reads(many + "\"x\":0}"));
  CHECK_FALSE(reads(many + "\"7\":0}"));
}

TEST_CASE("depth is bounded, numbers are as JSON has them, and nothing follows the value") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(reads(nested(Json::depth_max)));
  CHECK_FALSE(reads(nested(Json::depth_max + 1)));
  for (const auto* good : {"0", "-0", "10", "1.5", "1e400", "0.1E-2"}) CHECK(reads(good));
  for (const auto* bad : {"", "-", "01", "1.", ".5", "1e", "+1", "0x1", "NaN", "1 2", "[1,]", "{\"a\":1,}", "{a:1}", "tru", "'a'"}) CHECK_FALSE(reads(bad));
}

TEST_CASE("a document is used again and forgets what it held") {
  Json document;
  CHECK(document.parse(R"({"a":"\n","b":[1,2]})").has_value());
  CHECK_FALSE(document.parse("[").has_value());
  const auto root = document.parse("[\"x\"]").value();
  CHECK(root.size() == 1);
  CHECK(root.first().text() == "x");
  CHECK_FALSE(root.first().next());
}

TEST_CASE("two values are equal as JSON values are") {
  const auto same = [](const std::string& left, const std::string& right) {
    Json a;
    Json b;
    return tamroi::base::equal(a.parse(left).value(), b.parse(right).value());
  };
  CHECK(same(R"({"a":1,"b":[2.0,"ต"]})", R"({"b":[20e-1,"\u0e15"],"a":1.0})"));
  CHECK_FALSE(same("[1,2]", "[2,1]"));
  CHECK_FALSE(same(R"({"a":1})", R"({"a":"1"})"));
  CHECK_FALSE(same("true", "false"));
}

// As large as a body may be: looked up one after the other it would take seconds.
TEST_CASE("objects with a hundred thousand members are compared") {
  const auto object = [](int first, int last, int step) {
    std::string text = "{";
    for (int i = first; i != last; i += step) text += (text.size() > 1 ? ",\"" : "\"") + std::to_string(i) + "\":1";
    return text + "}";
  };
  const auto up = object(0, 100'000, 1);
  const auto down = object(99'999, -1, -1);
  const auto other = object(100'000, 0, -1);
  Json a;
  Json b;
  CHECK(tamroi::base::equal(a.parse(up).value(), b.parse(down).value()));
  CHECK_FALSE(tamroi::base::equal(a.parse(up).value(), b.parse(other).value()));
  const auto root = a.parse(up).value();
  CHECK(tamroi::base::Members(root).find("4711").order() == root.member("4711").order());
  CHECK_FALSE(tamroi::base::Members(root).find("x"));
}
