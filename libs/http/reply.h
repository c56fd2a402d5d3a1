#pragma once

#include "http/response.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tamroi::http {

enum class BodyFraming : std::uint8_t { Length, Chunked, UntilClose };

// Status line and headers of an answer, the empty line included. A CR, LF or other control character in a value becomes
// a space; a header that is the session's own, or no token, fails a CHECK.
[[nodiscard]] std::string render_head(const Response& response, std::string_view request_id, BodyFraming framing,
                                      bool close);

// Whether an answer of this status has a body at all.
[[nodiscard]] bool may_have_body(int status);

}  // namespace tamroi::http
