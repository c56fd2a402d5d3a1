#pragma once

#include "http/request.h"
#include "http/response.h"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::http {

struct Route {
  std::string method;
  std::string pattern;  // "/units/{unit}"; a last "/{tile...}" takes the rest of the path, of one segment or more
  int id;
};

struct RouteMatch {
  int id = 0;
  Pairs parameters;  // of the pattern, decoded, never empty

  // A parameter that the pattern has.
  [[nodiscard]] const std::string& parameter(std::string_view name) const;
};

// A small table of routes, matched by whole path segments.
//
// Invariants: where several patterns fit, the one whose first difference is a literal wins, whatever their order.
// Errors:     match() returns the answer for the client: 404, or 405 with Allow. Two equal routes fail a CHECK.
class Router {
 public:
  explicit Router(const std::vector<Route>& routes);

  [[nodiscard]] std::expected<RouteMatch, Response> match(const Request& request) const;

 private:
  struct Segment {
    std::string text;  // the literal, or the parameter's name
    bool parameter = false;
    bool rest = false;
  };
  struct Entry {
    std::string method;
    std::vector<Segment> segments;
    int id;
  };
  static bool fits(const Entry& entry, const Request& request);

  std::vector<Entry> entries_;  // in the order of precedence
};

}  // namespace tamroi::http
