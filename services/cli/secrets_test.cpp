#include "cli/secrets.h"

#include <chrono>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "base/sha256.h"
#include "base/uuid.h"

using namespace tamroi;

TEST_CASE("a token is 64 hex digits, and never the same") {
  std::set<std::string> all;
  for (int i = 0; i < 100; ++i) {
    const auto token = cli::new_token();
    CHECK(base::is_sha256_hex(token));  // of the same form
    CHECK(all.insert(token).second);
  }
}

TEST_CASE("an id is a UUID of version 7 that begins with the time") {
  using namespace std::chrono;
  const auto millis = [] { return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count(); };
  const auto before = millis();
  const auto first = base::Uuid::parse(cli::new_id());
  const auto after = millis();
  REQUIRE(first);
  std::int64_t told = 0;
  for (std::size_t i = 0; i < 6; ++i) told = told << 8 | first->bytes[i];
  CHECK((before <= told && told <= after));
  CHECK(first->bytes[6] >> 4 == 7);
  CHECK(first->bytes[8] >> 6 == 2);
  CHECK(cli::new_id() != first->to_string());
}
