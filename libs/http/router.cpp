#include "http/router.h"

#include "base/check.h"

#include <algorithm>

namespace tamroi::http {
namespace {

constexpr std::string_view rest_mark = "...}";

}  // namespace

const std::string& RouteMatch::parameter(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, [](const auto& pair) { return std::string_view(pair.first); });
  CHECK(found != parameters.end());
  return found->second;
}

Router::Router(const std::vector<Route>& routes) {
  for (const Route& route : routes) {
    CHECK(route.pattern.starts_with('/'));
    Entry entry{.method = route.method, .segments = {}, .id = route.id};
    std::string_view rest = std::string_view(route.pattern).substr(1);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('/'), rest.size());
      const std::string_view text = rest.substr(0, end);
      CHECK(!text.empty());
      const bool parameter = text.starts_with('{') && text.ends_with('}');
      const bool takes_rest = parameter && text.ends_with(rest_mark);
      const auto name = parameter ? text.substr(1, text.size() - 1 - (takes_rest ? rest_mark.size() : 1)) : text;
      entry.segments.push_back({std::string(name), parameter, takes_rest});
      rest.remove_prefix(std::min(end + 1, rest.size()));
      CHECK(!takes_rest || rest.empty());
    }
    entries_.push_back(std::move(entry));
  }
  const auto shape = [](const Entry& entry) {
    std::vector<std::pair<bool, std::string>> keys;
    for (const Segment& each : entry.segments) keys.emplace_back(each.parameter, each.parameter ? "" : each.text);
    return keys;
  };
  std::ranges::sort(entries_, {}, [&](const Entry& entry) { return std::pair(shape(entry), entry.method); });
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    for (std::size_t j = i + 1; j < entries_.size() && shape(entries_[i]) == shape(entries_[j]); ++j) {
      CHECK(entries_[i].method != entries_[j].method);
    }
  }
}

bool Router::fits(const Entry& entry, const Request& request) {
  const bool takes_rest = !entry.segments.empty() && entry.segments.back().rest;
  if (takes_rest ? request.segments.size() < entry.segments.size() : request.segments.size() != entry.segments.size()) return false;
  for (std::size_t i = 0; i < request.segments.size(); ++i) {
    const auto& pattern = entry.segments[std::min(i, entry.segments.size() - 1)];
    if (pattern.parameter ? request.segments[i].empty() : pattern.text != request.segments[i]) return false;
  }
  return true;
}

std::expected<RouteMatch, Response> Router::match(const Request& request) const {
  std::string allowed;
  for (const Entry& entry : entries_) {
    if (!fits(entry, request)) continue;
    if (entry.method == request.method) {
      RouteMatch match{.id = entry.id, .parameters = {}};
      for (std::size_t i = 0; i < entry.segments.size(); ++i) {
        if (entry.segments[i].parameter) match.parameters.emplace_back(entry.segments[i].text, request.segments[i]);
      }
      if (!entry.segments.empty() && entry.segments.back().rest) {
        for (auto i = entry.segments.size(); i < request.segments.size(); ++i) match.parameters.back().second += "/" + request.segments[i];
      }
      return match;
    }
    if (!allowed.empty()) allowed += ", ";
    allowed += entry.method;
  }
  if (allowed.empty()) return std::unexpected(problem(404, base::Code::NotFound, "There is nothing at this path."));
  Response response = problem(405, base::Code::MethodNotAllowed, "This path does not take that method.");
  response.headers.emplace_back("Allow", std::move(allowed));
  return std::unexpected(std::move(response));
}

}  // namespace tamroi::http
