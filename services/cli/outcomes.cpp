#include "cli/outcomes.h"

#include <fmt/format.h>

#include "cli/changes.h"
#include "cli/patience.h"
#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

Tone tone_of(const std::string& verdict) {
  return verdict == "accepted" ? Tone::Good : verdict == "rejected" ? Tone::Bad : Tone::Plain;
}

// Verdict, when, by whom; then every problem.
std::string outcome_text(const json::object& outcome, const std::string& what, const Look& look) {
  const auto verdict = text_at(outcome, "verdict");
  const auto& actor = object_at(outcome, "actor");
  auto out = paragraph(look, 0, fmt::format("{} {}: {}", what, text_at(outcome, "id"), verdict), tone_of(verdict));
  auto when = position_text(object_at(outcome, "position"));
  if (const auto at = text_at(outcome, "recorded_at"); !at.empty())
    when += fmt::format(", {} Bangkok time", bangkok_text(at));
  if (!actor.empty()) {
    when += fmt::format(", by {}, {} of {}", text_at(actor, "account"), text_at(actor, "role"), text_at(actor, "unit"));
  }
  if (!when.empty()) out += paragraph(look, 0, when, Tone::Faint);
  for (const auto& problem : array_at(outcome, "problems"))
    out += paragraph(look, 2, problem_text(as_object(problem)), Tone::Bad);
  const auto more = integer_at(outcome, "problems_total").value_or(0) -
                    static_cast<std::int64_t>(array_at(outcome, "problems").size());
  return more > 0 ? out + fmt::format("  and {} more problems\n", more) : out;
}

template <typename Show>
Exit read(Client& client, const std::string& target, const Screen& screen, Show show) {
  const auto reply = client.get(target);
  const auto answer = parse_object(reply.body);
  if (reply.status != 200 || !answer) return tell_refusal(reply, screen);
  if (screen.json) {
    print_body(reply.body, screen);
  } else {
    screen.output << show(*answer);
  }
  return Exit::Done;
}

}  // namespace

Exit read_submission(Client& client, const std::string& id, const std::string& unit, const Screen& screen) {
  const auto target = fmt::format("{}/{}{}", submissions_route, encoded(id), query_of({{"unit", unit}}));
  return read(client, target, screen, [&](const json::object& outcome) {
    auto out = outcome_text(outcome, "Submission", screen.look);
    ChangeSummary changes;
    for (const auto& change : array_at(outcome, "changes")) changes.add(as_object(change));
    const auto changed = changes.shown(screen.look);
    if (!changed.empty()) return out + "Changed:\n" + changed;
    return text_at(outcome, "verdict") == "accepted" ? out + "No result changed.\n" : out;
  });
}

Exit read_control(Client& client, const std::string& id, const Screen& screen) {
  return read(client, fmt::format("{}/{}", controls_route, encoded(id)), screen, [&](const json::object& outcome) {
    auto out = outcome_text(outcome, "Control", screen.look);
    if (const auto number = integer_at(outcome, "number")) {
      out += fmt::format("number {}, applied in {} provinces\n", *number, object_at(outcome, "positions").size());
    }
    return out;
  });
}

}  // namespace tamroi::cli
