#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tamroi::http {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A request that passed the gate.
struct Request {
  std::string method;
  std::string path;                   // raw, before the '?'
  std::vector<std::string> segments;  // percent-decoded; none of "/"
  Pairs query;                        // percent-decoded, in order, duplicates kept
  Pairs headers;                      // names in lower case, in order, duplicates kept
  std::string body;                   // empty in admit()
  std::string remote;                 // the client's address, as a trusted proxy tells it
  std::string request_id;

  // The first header of that name, given in lower case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  // The first value of that name in the query.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

}  // namespace tamroi::http
