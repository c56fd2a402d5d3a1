#include "query/accesses.h"

#include <boost/json.hpp>

#include "base/sha256.h"
#include "query/parameters.h"

namespace tamroi::query {

namespace json = boost::json;

http::Response accesses(const access::AccessLog& log, const http::Request& request, std::size_t page_rows_max) {
  const auto from = number_of(request, "from", 0, 0, INT64_MAX);
  if (!from) return from.error();
  const auto limit = rows_of(request, page_rows_max);
  if (!limit) return limit.error();
  const auto head = log.head();
  json::array lines;
  for (const auto& text : log.read(*from, *limit)) {
    const auto line = access::decode_line(text);
    if (!line) return http::later(503, base::Code::Unavailable, "A line of the access log is damaged: " + line.error() + ".", 60);
    const auto& [at, actor, act, of, status, request_id] = line->access;
    json::object told{{"number", line->number}, {"at", base::to_string(at)}, {"actor", {{"account", actor.account}, {"role", actor.role}, {"unit", actor.unit}}},
                      {"act", act}, {"of", of}};
    if (status != 0) told["status"] = status;
    if (!request_id.empty()) told["request_id"] = request_id;
    told["line"] = text;
    told["sha256"] = base::to_hex(base::sha256(text));
    lines.push_back(std::move(told));
  }
  const auto next = *from + lines.size();
  json::object body{{"lines", std::move(lines)}, {"end", {{"next", head.next}, {"sha256", base::to_hex(head.sha256)}}}};
  if (next > *from && next < head.next) body["next_cursor"] = std::to_string(next);
  return {200, "application/json", json::serialize(body), {}};
}

}  // namespace tamroi::query
