#include "gateway/known_tokens.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::gateway {
namespace {

KnownTokens::Holder holder(std::string account) { return {std::make_shared<const event::Actor>(std::move(account), "auditor", "TH"), {}}; }

TEST_CASE("a token is known only while no account has changed since it was learnt") {
  KnownTokens tokens(1'024);
  CHECK_FALSE(tokens.find("a", 7));
  tokens.keep("a", 7, holder("first"));
  REQUIRE(tokens.find("a", 7));
  CHECK(tokens.find("a", 7)->actor->account == "first");
  CHECK_FALSE(tokens.find("a", 8));
  CHECK_FALSE(tokens.find("a", 6));
  tokens.keep("a", 8, holder("second"));
  CHECK(tokens.find("a", 8)->actor->account == "second");
  CHECK_FALSE(tokens.find("a", 7));
}

TEST_CASE("another token is not taken for one that is known, also not for one at its place") {
  KnownTokens tokens(1'024);
  // More than there are places.
  for (int i = 0; i < 5'000; ++i) tokens.keep("token " + std::to_string(i), 1, holder(std::to_string(i)));
  std::size_t known = 0;
  for (int i = 0; i < 5'000; ++i) {
    const auto found = tokens.find("token " + std::to_string(i), 1);
    if (!found) continue;
    ++known;
    CHECK(found->actor->account == std::to_string(i));
  }
  CHECK(known > 0);
  CHECK(known <= 1'024);
  for (int i = 5'000; i < 10'000; ++i) CHECK_FALSE(tokens.find("token " + std::to_string(i), 1));
  CHECK_FALSE(tokens.find("", 1));
  CHECK_FALSE(tokens.find("token", 1));
}

TEST_CASE("nothing is known of the empty token") {
  KnownTokens tokens(1'024);
  CHECK_FALSE(tokens.find("", 0));
}

}  // namespace
}  // namespace tamroi::gateway
