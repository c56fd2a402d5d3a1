#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "catalogue/plan.h"
#include "http/request.h"
#include "http/response.h"

// What a query asks for; a parameter that is ill-formed is refused, never guessed.
namespace tamroi::query {

inline constexpr std::uint64_t page_default = 100;
inline constexpr std::uint64_t page_max = 1000;

// A whole number, `absent` where there is none; the problem is `bad_value` at the parameter.
[[nodiscard]] std::expected<std::uint64_t, http::Response> number_of(const http::Request& request, std::string_view name, std::uint64_t absent,
                                                                     std::uint64_t least, std::uint64_t most);
// The revision to score under: 0 for the one in force.
[[nodiscard]] std::expected<std::uint32_t, http::Response> revision_of(const http::Request& request, const catalogue::Plan& plan);

[[nodiscard]] http::Response bad_parameter(std::string_view name, std::string why);

}  // namespace tamroi::query
