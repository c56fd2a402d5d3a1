#include "query/parameters.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace tamroi::query {
namespace {

constexpr std::uint64_t page_default = 100;
constexpr std::uint64_t page_max = 1000;

}  // namespace

http::Response bad_parameter(std::string_view name, std::string why) {
  const base::Problem problem{base::Code::BadValue, fmt::format("/{}", name), std::move(why)};
  return http::problem(400, {{problem}});
}

std::expected<std::uint64_t, http::Response> number_of(const http::Request& request, std::string_view name, std::uint64_t absent,
                                                       std::uint64_t least, std::uint64_t most) {
  const auto text = request.parameter(name);
  if (!text) return absent;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < least || number > most) {
    return std::unexpected(bad_parameter(name, fmt::format("A whole number from {} to {} is expected.", least, most)));
  }
  return number;
}

std::expected<std::uint64_t, http::Response> rows_of(const http::Request& request, std::uint64_t most) {
  auto limit = number_of(request, "limit", page_default, 1, page_max);
  if (limit) limit = std::min(*limit, most);
  return limit;
}

std::expected<std::uint32_t, http::Response> revision_of(const http::Request& request, const catalogue::Plan& plan) {
  const auto number = number_of(request, "revision", 0, 1, UINT32_MAX);
  if (!number) return std::unexpected(number.error());
  if (*number != 0 && plan.revision(static_cast<std::uint32_t>(*number)) == nullptr) {
    return std::unexpected(bad_parameter("revision", "The catalogue has no such revision."));
  }
  return static_cast<std::uint32_t>(*number);
}

std::expected<readmodel::Figures, http::Response> figures_of(const http::Request& request) {
  const auto fold = request.parameter("fold");
  if (fold && *fold != "current") return std::unexpected(bad_parameter("fold", "Only `current` can be asked for."));
  return fold ? readmodel::Figures::Own : readmodel::Figures::Published;
}

}  // namespace tamroi::query
