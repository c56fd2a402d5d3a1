#include "base/uuid.h"

#include <catch2/catch_test_macros.hpp>

using tamroi::base::Uuid;

TEST_CASE("a UUID is 8-4-4-4-12 hex digits in either case, shown in lower case") {
  const auto id = Uuid::parse("01826C3E-7c00-7a3e-9B1d-2f6f0f4d9a1F");
  REQUIRE(id.has_value());
  CHECK(id->to_string() == "01826c3e-7c00-7a3e-9b1d-2f6f0f4d9a1f");
  CHECK(id->bytes[0] == 0x01);
  CHECK(id->bytes[15] == 0x1f);
}

TEST_CASE("every character of a UUID is looked at") {
  const std::string good = "01826c3e-7c00-7a3e-9b1d-2f6f0f4d9a10";
  REQUIRE(Uuid::parse(good).has_value());
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char bad : {'g', 'G', ' ', '-', '0', '\x80', '/', ':', '@', '`'}) {
      auto text = good;
      text[i] = bad;
      const bool dash = good[i] == '-';
      CHECK(Uuid::parse(text).has_value() == (dash ? bad == '-' : bad == '0'));
    }
  }
  CHECK_FALSE(Uuid::parse("").has_value());
  CHECK_FALSE(Uuid::parse(good + "0").has_value());
  CHECK_FALSE(Uuid::parse(good.substr(1)).has_value());
}
