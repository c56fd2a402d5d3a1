#include "cli/refusals.h"

#include <fmt/format.h>

#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

std::string problem_text(const json::object& problem) {
  const auto where = text_at(problem, "where");
  return fmt::format("{}{}{}: {}", text_at(problem, "code"), where.empty() ? "" : " at ", where,
                     text_at(problem, "why"));
}

std::string refusal_text(const Reply& reply, const Look& look) {
  std::string out;
  const auto body = parse_object(reply.body);
  const auto& problems = body ? array_at(*body, "problems") : json::array();
  for (const auto& problem : problems) out += paragraph(look, 0, problem_text(as_object(problem)), Tone::Bad);
  if (out.empty()) {
    const auto title = body ? text_at(*body, "title") : std::string();
    const auto why = title.empty() ? "without a reason that tamroi understands; is it a Tamroi server?" : title;
    out = paragraph(look, 0, fmt::format("The server answered {}: {}", reply.status, why), Tone::Bad);
  }
  const auto next = advice(reply);
  return next.empty() ? out : out + paragraph(look, 0, next);
}

Exit tell_refusal(const Reply& reply, const Screen& screen) {
  if (screen.json) print_body(reply.body, screen);
  screen.errors << refusal_text(reply, screen.errors_look);
  return Exit::Refused;
}

bool is_busy(const Reply& reply) { return reply.status == 429 || reply.status == 503; }

std::string advice(const Reply& reply) {
  switch (reply.status) {
    case 401: return "Give a token that is in force: --token TOKEN, or the variable TAMROI_TOKEN.";
    case 403: return "Use the token of an account that may do this; tokens are granted by an operator.";
    case 429:
    case 503:
      return reply.retry_after.count() > 0 ? fmt::format("Try again in {} s.", reply.retry_after.count())
                                           : "Try again in a moment.";
    default: return {};
  }
}

}  // namespace tamroi::cli
