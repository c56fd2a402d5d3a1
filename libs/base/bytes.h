#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ratio.h"

namespace tamroi::base {

// Appends numbers and texts to bytes, as ByteReader takes them. Fixed-size numbers are big-endian, so that keys made
// of them sort by value; the others take as many bytes as they need.
class ByteWriter {
 public:
  ByteWriter& u8(std::uint8_t value);
  ByteWriter& u16(std::uint16_t value);
  ByteWriter& u32(std::uint32_t value);
  ByteWriter& u64(std::uint64_t value);
  ByteWriter& number(std::uint64_t value);         // 1 to 10 bytes
  ByteWriter& signed_number(std::int64_t value);   // 1 to 10 bytes, short near zero
  ByteWriter& wide(Int128 value);                  // short near zero
  ByteWriter& text(std::string_view value);        // with its length
  ByteWriter& raw(std::string_view value);         // as it is

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] std::string take() { return std::move(bytes_); }
  // Forgets what was written after the first `size` bytes, and keeps the memory for what is written next.
  ByteWriter& cut(std::size_t size) { return bytes_.resize(size), *this; }

 private:
  std::string bytes_;
};

// Takes what a ByteWriter wrote, in the same order. The bytes must outlive it and the texts it gives.
//
// Errors: throws Defect where the bytes end too early, or too late.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] std::uint8_t u8();
  [[nodiscard]] std::uint16_t u16();
  [[nodiscard]] std::uint32_t u32();
  [[nodiscard]] std::uint64_t u64();
  [[nodiscard]] std::uint64_t number();
  [[nodiscard]] std::int64_t signed_number();
  [[nodiscard]] Int128 wide();
  [[nodiscard]] std::string_view text();
  [[nodiscard]] std::string_view raw(std::size_t size);
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  // Throws unless everything was taken.
  void end() const;

 private:
  [[nodiscard]] std::uint64_t fixed(std::size_t size);
  std::string_view rest_;
};

}  // namespace tamroi::base
