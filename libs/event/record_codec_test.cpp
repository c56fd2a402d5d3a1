#include <catch2/catch_test_macros.hpp>
#include <random>

#include "base/uuid.h"
#include "event/record.h"

namespace tamroi::event {
namespace {

std::string random_bytes(std::mt19937_64& random, std::size_t size_max) {
  std::string bytes(random() % (size_max + 1), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

Record random_record(std::mt19937_64& random) {
  Record record;
  record.kind = static_cast<Kind>(1 + random() % 4);
  for (auto& byte : record.id.bytes) byte = static_cast<std::uint8_t>(random());
  record.received_at.micros = static_cast<std::int64_t>(random());
  record.actor = {random_bytes(random, 40), random_bytes(random, 40), random_bytes(random, 40)};
  record.body = random_bytes(random, 2000);
  record.number = record.kind == Kind::ControlCopy ? random() | 1 : 0;
  record.control_offset = record.kind == Kind::ControlCopy ? random() >> (random() % 64) : 0;
  return record;
}

// One field: tag and varint, or tag, length and bytes.
std::string varint_field(int number, char value) { return {static_cast<char>(number << 3), value}; }
std::string bytes_field(int number, std::string_view value) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(value.size())} + std::string(value);
}

const std::string sixteen(16, '\x07');

TEST_CASE("any record comes back as it was, from the same bytes every time") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 2000; ++i) {
    const Record record = random_record(random);
    const std::string bytes = encode(record);
    const auto decoded = decode_record(bytes);
    REQUIRE(decoded);
    REQUIRE(*decoded == record);
    REQUIRE(encode(*decoded) == bytes);
  }
}

TEST_CASE("cut and damaged records are refused or decoded, never a crash") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const std::string whole = encode(random_record(random));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (const auto decoded = decode_record(std::string_view(whole).substr(0, size)); !decoded) {
      REQUIRE_FALSE(decoded.error().empty());
    }
  }
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = whole;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    static_cast<void>(decode_record(damaged));
    static_cast<void>(decode_record(random_bytes(random, 200)));
  }
  SUCCEED();
}

TEST_CASE("neither a body nor an account need be UTF-8") {
  Record record;
  record.body = std::string("\xFF\x00\xC3", 3);
  record.actor.account = record.body;
  REQUIRE(decode_record(encode(record)) == record);
}

TEST_CASE("nothing is no record") { REQUIRE_FALSE(decode_record("")); }

TEST_CASE("the least record is a format, a kind and an id") {
  const auto decoded = decode_record(varint_field(1, 1) + varint_field(2, 1) + bytes_field(3, sixteen));
  REQUIRE(decoded);
  REQUIRE(decoded->id.raw() == sixteen);
  REQUIRE(decoded->body.empty());
}

TEST_CASE("another format is refused") {
  const auto decoded = decode_record(varint_field(1, 2) + varint_field(2, 1) + bytes_field(3, sixteen));
  REQUIRE(decoded.error() == "The record's format is 2, not 1.");
}

TEST_CASE("an unknown kind is refused") {
  for (const char kind : {'\0', '\5', '\x7F'}) {
    REQUIRE_FALSE(decode_record(varint_field(1, 1) + varint_field(2, kind) + bytes_field(3, sixteen)));
  }
}

TEST_CASE("an id of another length than 16 bytes is refused") {
  for (const std::size_t size : {0, 15, 17}) {
    const auto decoded =
        decode_record(varint_field(1, 1) + varint_field(2, 1) + bytes_field(3, std::string(size, 'x')));
    REQUIRE_FALSE(decoded);
  }
}

TEST_CASE("a control copy without its number is refused") {
  const std::string without = varint_field(1, 1) + varint_field(2, 3) + bytes_field(3, sixteen);
  REQUIRE_FALSE(decode_record(without));
  REQUIRE(decode_record(without + varint_field(7, 1)));
}

TEST_CASE("fields of a later version are passed over") {
  const auto decoded = decode_record(varint_field(1, 1) + varint_field(2, 1) + bytes_field(3, sixteen) +
                                     bytes_field(15, "later") + varint_field(14, 9));
  REQUIRE(decoded);
}

}  // namespace
}  // namespace tamroi::event
