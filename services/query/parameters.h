#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "catalogue/plan.h"
#include "http/request.h"
#include "http/response.h"
#include "readmodel/read_model.h"

// What a query asks for; a parameter that is ill-formed is refused, never guessed.
namespace tamroi::query {

// A whole number, `absent` where there is none; the problem is `bad_value` at the parameter.
[[nodiscard]] std::expected<std::uint64_t, http::Response> number_of(const http::Request& request, std::string_view name, std::uint64_t absent,
                                                                     std::uint64_t least, std::uint64_t most);
// How many rows a page has at most: the `limit` that is asked for, up to 1,000, but no more than `most`.
[[nodiscard]] std::expected<std::uint64_t, http::Response> rows_of(const http::Request& request, std::uint64_t most);
// The revision to score under: 0 for the one in force.
[[nodiscard]] std::expected<std::uint32_t, http::Response> revision_of(const http::Request& request, const catalogue::Plan& plan);

// Whose figures of the past: those that were published, or with fold=current what this version of the fold makes of it.
[[nodiscard]] std::expected<readmodel::Figures, http::Response> figures_of(const http::Request& request);

[[nodiscard]] http::Response bad_parameter(std::string_view name, std::string why);

}  // namespace tamroi::query
