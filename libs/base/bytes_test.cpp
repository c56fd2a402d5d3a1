#include "base/bytes.h"

#include "base/check.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>

using tamroi::base::ByteReader;
using tamroi::base::ByteWriter;
using tamroi::base::Int128;

TEST_CASE("what is written is read again") {
  const Int128 wide = -(Int128{1} << 100) - 7;
  ByteWriter out;
  out.u8(0xFE).u16(0xFEDC).u32(0xFEDCBA98).u64(UINT64_MAX - 1);
  for (const std::uint64_t value : {0ULL, 127ULL, 128ULL, 300ULL, ~0ULL}) out.number(value);
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{64}, INT64_MIN, INT64_MAX}) out.signed_number(value);
  out.wide(wide).wide(wide * -1).wide(0).text("ตามรอย").text("").raw("end");
  ByteReader in(out.bytes());
  CHECK(in.u8() == 0xFE);
  CHECK(in.u16() == 0xFEDC);
  CHECK(in.u32() == 0xFEDCBA98);
  CHECK(in.u64() == UINT64_MAX - 1);
  for (const std::uint64_t value : {0ULL, 127ULL, 128ULL, 300ULL, ~0ULL}) CHECK(in.number() == value);
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{64}, INT64_MIN, INT64_MAX}) CHECK(in.signed_number() == value);
  CHECK((in.wide() == wide && in.wide() == wide * -1 && in.wide() == 0));
  CHECK(in.text() == "ตามรอย");
  CHECK(in.text().empty());
  CHECK(in.raw(3) == "end");
  CHECK(in.at_end());
}

TEST_CASE("numbers of a fixed size sort by value") {
  CHECK(ByteWriter().u64(255).bytes() < ByteWriter().u64(256).bytes());
  CHECK(ByteWriter().u32(0x7FFFFFFF).bytes() < ByteWriter().u32(0x80000000).bytes());
}

TEST_CASE("bytes that end too early or too late are a defect") {
  using tamroi::base::Defect;
  CHECK_THROWS_AS(ByteReader("a").u16(), Defect);
  CHECK_THROWS_AS(ByteReader("\x05" "abc").text(), Defect);
  CHECK_THROWS_AS(ByteReader("\x80").number(), Defect);
  CHECK_THROWS_AS(ByteReader("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").number(), Defect);
  CHECK_THROWS_AS(ByteReader("a").end(), Defect);
}
