#include "cli/secrets.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>

#include "base/sha256.h"
#include "base/uuid.h"

namespace tamroi::cli {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> random_bytes() {
  std::array<std::uint8_t, size> bytes{};
  // Up to 256 bytes are given whole, unless the system has none yet.
  while (getrandom(bytes.data(), size, 0) != static_cast<ssize_t>(size)) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "The system gives no random numbers");
  }
  return bytes;
}

}  // namespace

std::string new_token() { return base::to_hex(random_bytes<32>()); }

std::string new_id() {
  base::Uuid id{random_bytes<16>()};
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  auto millis = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
  for (std::size_t i = 6; i-- > 0; millis >>= 8U) id.bytes[i] = static_cast<std::uint8_t>(millis);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
  return id.to_string();
}

}  // namespace tamroi::cli
