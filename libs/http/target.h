#pragma once

#include "http/request.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::http {

// The parts of a request target in origin form ("/a/b?c=d").
struct Target {
  std::string path;
  std::vector<std::string> segments;
  Pairs query;
};

// Nothing if it is no origin form, has a bad percent encoding, a fragment, decodes to a control character or to what is
// not UTF-8, or a segment decodes to one with a slash or to "." or "..". A '+' in the query stands for itself.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace tamroi::http
