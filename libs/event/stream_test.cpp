#include <catch2/catch_test_macros.hpp>

#include "event/record.h"

namespace tamroi::event {

TEST_CASE("every stream's name leads back to it") {
  REQUIRE(to_string(Stream{24}) == "24");
  REQUIRE(to_string(control_stream) == "control");
  for (std::uint16_t code = 10; code < 100; ++code) REQUIRE(parse_stream(to_string(Stream{code})) == Stream{code});
  for (const Stream stream : {control_stream, ledger_stream, checkpoints_stream}) {
    REQUIRE(parse_stream(to_string(stream)) == stream);
  }
}

TEST_CASE("other texts name no stream") {
  for (const char* text : {"", "0", "1", "9", "09", "024", "100", "2 ", "+2", "2x", "Control", "control "}) {
    INFO(text);
    REQUIRE_FALSE(parse_stream(text));
  }
}

TEST_CASE("a position is a stream and an offset") {
  REQUIRE(parse_position("24:17") == Position{Stream{24}, 17});
  REQUIRE(parse_position("control:0") == Position{control_stream, 0});
  for (const char* text : {"", "24", ":1", "24:", "24:-1", "24:01", "24:1x", "24:18446744073709551616", "x:1"}) {
    INFO(text);
    REQUIRE_FALSE(parse_position(text));
  }
}

}  // namespace tamroi::event
