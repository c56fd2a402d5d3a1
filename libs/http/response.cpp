#include "http/response.h"

#include "telemetry/json_string.h"

#include <fmt/format.h>

namespace tamroi::http {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Unknown";
  }
}

Response problem(int status, std::span<const base::Problem> problems) {
  using telemetry::append_json_string;
  std::string body = fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"problems":[)",
                                 reason_phrase(status), status);
  for (const base::Problem& each : problems) {
    if (&each != problems.data()) body += ',';
    body += "{\"code\":";
    append_json_string(body, base::to_string(each.code));
    body += ",\"where\":";
    append_json_string(body, each.where);
    body += ",\"why\":";
    append_json_string(body, each.why);
    body += '}';
  }
  body += "]}";
  return {.status = status,
          .content_type = "application/problem+json",
          .body = std::move(body),
          .headers = {},
          .code = problems.empty() ? std::string_view() : base::to_string(problems.front().code),
          .shared_body = {}};
}

Response problem(int status, base::Code code, std::string why) {
  const base::Problem one{.code = code, .where = "", .why = std::move(why)};
  return problem(status, std::span(&one, 1));
}

Response later(int status, base::Code code, std::string why, int seconds) {
  Response response = problem(status, code, std::move(why));
  response.headers.emplace_back("Retry-After", fmt::format("{}", seconds));
  return response;
}

}  // namespace tamroi::http
