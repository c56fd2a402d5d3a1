#pragma once

#include <cstdint>
#include <string>

namespace tamroi::cli {

// 256 bits of the system's randomness, as 64 hex digits.
// Errors: throws std::system_error where the system gives none.
[[nodiscard]] std::string new_token();

// A UUID of version 7: the time in milliseconds, then randomness.
[[nodiscard]] std::string new_id();

}  // namespace tamroi::cli
