#include <utility>

#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/changes.h"
#include "cli/display.h"
#include "cli/reading.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

// What a member of the standing was and is.
struct Sides {
  std::string before;
  std::string after;
};

Sides sides(const json::object& change, std::string_view member) {
  const auto side = [&](std::string_view name) {
    const auto& at = object_at(change, name);
    const auto number = integer_at(at, member);
    return number ? fmt::to_string(*number) : text_at(at, member);
  };
  return {side("before"), side("after")};
}

// The level, what else of the standing moved, and the revision.
std::string standings_text(const json::object& change) {
  const auto level = sides(change, "level");
  auto out = "level " + moved(level.before, level.after);
  for (const auto& [member, word] : {std::pair{"evidenced_level", "evidenced"}, std::pair{"score", "score"}}) {
    const auto both = sides(change, member);
    if (both.before != both.after) out += fmt::format(", {} {}", word, moved(both.before, both.after));
  }
  if (const auto revision = integer_at(change, "revision")) out += fmt::format(", revision {}", *revision);
  return out;
}

Tone tone_of(const json::object& change) {
  const auto before = integer_at(object_at(change, "before"), "level").value_or(0);
  const auto after = integer_at(object_at(change, "after"), "level").value_or(0);
  if (after == before) return Tone::Strong;
  return after > before ? Tone::Good : Tone::Bad;
}

std::string who(const json::object& cause) {
  const auto& actor = object_at(cause, "actor");
  auto out = fmt::format("{} {}", text_at(cause, "kind"), text_at(cause, "id"));
  if (!actor.empty()) {
    out += fmt::format(" by {}, {} of {}", text_at(actor, "account"), text_at(actor, "role"), text_at(actor, "unit"));
  }
  return out;
}

// A submission's is a text, a control's names its letter.
std::string letter_text(const json::object& cause) {
  const auto& letter = object_at(cause, "letter");
  if (letter.empty()) return text_at(cause, "letter");
  return fmt::format("{} of {}", text_at(letter, "number"), text_at(letter, "issued_on"));
}

std::string entry(const json::object& change, const Look& look) {
  const auto& cause = object_at(change, "cause");
  auto out = paragraph(
      look, 0,
      fmt::format("{}  {}", bangkok_text(text_at(cause, "recorded_at")), position_text(object_at(cause, "position"))),
      Tone::Strong);
  out += paragraph(look, 2, standings_text(change), tone_of(change));
  for (const auto& [name, sides] : object_at(change, "measures")) {
    const auto& both = as_object(sides);
    const auto figures = moved(figure_text(object_at(both, "before")), figure_text(object_at(both, "after")));
    out += paragraph(look, 4, fmt::format("{} {}", printable(name), figures));
  }
  out += paragraph(look, 2, who(cause), Tone::Faint);
  if (const auto reason = text_at(cause, "reason"); !reason.empty()) out += paragraph(look, 2, "reason: " + reason);
  if (const auto letter = letter_text(cause); !letter.empty()) out += paragraph(look, 2, "letter: " + letter);
  return out;
}

}  // namespace

std::string show_history(const json::object& page, const Look& look) {
  const auto& changes = array_at(page, "changes");
  const auto subject = subject_text(page);
  auto out = paragraph(look, 0, "What changed " + subject + ", newest first, Bangkok time", Tone::Strong);
  if (changes.empty()) return out + "\nNothing has changed it yet.\n";
  for (const auto& change : changes) out += "\n" + entry(as_object(change), look);
  const auto cursor = text_at(page, "next_cursor");
  return cursor.empty() ? out : out + more_text(cursor);
}

}  // namespace tamroi::cli
