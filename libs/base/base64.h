#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tamroi::base {

// RFC 4648, the standard alphabet, with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);
// Nothing but what to_base64 writes: no white space, no missing padding, no bits that are dropped.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace tamroi::base
