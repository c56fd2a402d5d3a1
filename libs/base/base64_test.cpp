#include "base/base64.h"

#include <catch2/catch_test_macros.hpp>

using tamroi::base::from_base64;
using tamroi::base::to_base64;

TEST_CASE("base64 is written as RFC 4648 has it") {
  CHECK(to_base64("").empty());
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foo") == "Zm9v");
  CHECK(to_base64("foob") == "Zm9vYg==");
  CHECK(to_base64("fooba") == "Zm9vYmE=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(to_base64("\xFB\xFF") == "+/8=");
}

TEST_CASE("what was written is read back, bytes of any value and number") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    CHECK(from_base64(to_base64(bytes)) == bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST_CASE("another text for the same bytes is not taken") {
  for (const auto* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "Zm-_", "====", "=Zg=", "Z===", "Zg==Zg=="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
}
