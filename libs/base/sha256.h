#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tamroi::base {

using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest sha256(std::string_view bytes);
// The bytes of a digest, valid as long as it.
[[nodiscard]] inline std::string_view raw(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
// Lower-case hex digits of any bytes.
[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);
// Whether the text is 64 hex digits in lower case.
[[nodiscard]] bool is_sha256_hex(std::string_view text);

}  // namespace tamroi::base
