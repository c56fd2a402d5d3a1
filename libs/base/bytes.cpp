#include "base/bytes.h"

#include <array>

#include "base/check.h"

namespace tamroi::base {
namespace {

void put_fixed(std::string& bytes, std::uint64_t value, std::size_t size) {
  std::array<char, sizeof value> big_endian;
  for (std::size_t i = 0; i < size; ++i) big_endian[i] = static_cast<char>(value >> (8 * (size - 1 - i)) & 0xFF);
  bytes.append(big_endian.data(), size);
}

[[noreturn]] void fail(const char* why) { throw Defect(std::string("stored bytes are damaged: ") + why); }

}  // namespace

ByteWriter& ByteWriter::u8(std::uint8_t value) { return put_fixed(bytes_, value, 1), *this; }
ByteWriter& ByteWriter::u16(std::uint16_t value) { return put_fixed(bytes_, value, 2), *this; }
ByteWriter& ByteWriter::u32(std::uint32_t value) { return put_fixed(bytes_, value, 4), *this; }
ByteWriter& ByteWriter::u64(std::uint64_t value) { return put_fixed(bytes_, value, 8), *this; }

ByteWriter& ByteWriter::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
  bytes_ += static_cast<char>(value);
  return *this;
}

ByteWriter& ByteWriter::signed_number(std::int64_t value) {
  return number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

ByteWriter& ByteWriter::wide(Int128 value) {
  return number(static_cast<std::uint64_t>(value)).signed_number(static_cast<std::int64_t>(value >> 64));
}

ByteWriter& ByteWriter::text(std::string_view value) { return number(value.size()).raw(value); }

ByteWriter& ByteWriter::raw(std::string_view value) {
  bytes_.append(value);
  return *this;
}

std::uint64_t ByteReader::fixed(std::size_t size) {
  std::uint64_t value = 0;
  for (const char byte : raw(size)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::uint8_t ByteReader::u8() { return static_cast<std::uint8_t>(fixed(1)); }
std::uint16_t ByteReader::u16() { return static_cast<std::uint16_t>(fixed(2)); }
std::uint32_t ByteReader::u32() { return static_cast<std::uint32_t>(fixed(4)); }
std::uint64_t ByteReader::u64() { return fixed(8); }

std::uint64_t ByteReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint64_t>(fixed(1));
    value |= (byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  fail("a number is too long");
}

std::int64_t ByteReader::signed_number() {
  const auto value = number();
  return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

Int128 ByteReader::wide() {
  const auto low = number();
  return Int128{signed_number()} << 64 | Int128{low};
}

std::string_view ByteReader::text() { return raw(number()); }

std::string_view ByteReader::raw(std::size_t size) {
  if (size > rest_.size()) fail("they end too early");
  const auto taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

void ByteReader::end() const {
  if (!rest_.empty()) fail("they do not end where they should");
}

}  // namespace tamroi::base
