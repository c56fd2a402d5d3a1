#include "http/request.h"

namespace tamroi::http {
namespace {

std::optional<std::string_view> first_of(const Pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> Request::header(std::string_view name) const { return first_of(headers, name); }

std::optional<std::string_view> Request::parameter(std::string_view name) const { return first_of(query, name); }

}  // namespace tamroi::http
