#include "projection/outcomes.h"

#include <algorithm>

#include "base/check.h"

namespace tamroi::projection {
namespace {

namespace json = answer::json;

struct Concluded {
  readmodel::Folded folded;
  event::Outcome outcome;
};

std::optional<Concluded> read(Projection& projection, event::Position position) {
  auto folded = projection.folded(position);
  if (!folded) return std::nullopt;
  auto outcome = event::decode_outcome(folded->outcome);
  CHECK(outcome.has_value());
  return Concluded{std::move(*folded), std::move(*outcome)};
}

std::optional<Concluded> read_first(Projection& projection, event::Position position) {
  auto concluded = read(projection, position);
  if (!concluded || concluded->outcome.verdict != event::Verdict::Repeat) return concluded;
  return read(projection, *concluded->outcome.repeat_of);
}

bool reused(const event::Outcome& outcome) {
  return !outcome.problems.empty() && outcome.problems.front().code == base::Code::IdReused;
}

}  // namespace

answer::Cause cause_of(const readmodel::Folded& folded) {
  const bool control = folded.leaf.kind != static_cast<std::uint8_t>(event::Kind::Submission);
  return {folded.position(), folded.leaf.id, control, folded.actor, folded.reason, folded.letter, folded.leaf.recorded_at};
}

std::optional<json::object> concluded_of(Projection& projection, event::Position position) {
  const bool folded = position.stream == event::control_stream || position.stream.code > event::checkpoints_stream.code;
  const auto found = folded ? read(projection, position) : std::nullopt;
  if (!found) return std::nullopt;
  return answer::outcome(cause_of(found->folded), found->outcome);
}

std::optional<Told> submission_outcome(Projection& projection, event::Position position) {
  const auto found = read_first(projection, position);
  if (!found) return std::nullopt;
  const auto& [folded, outcome] = *found;
  const bool accepted = outcome.verdict == event::Verdict::Accepted;
  const int status = accepted ? 200 : reused(outcome) ? 409 : 422;
  return Told{status, answer::submission(cause_of(folded), outcome), folded.actor, outcome.unit};
}

std::optional<Told> control_outcome(Projection& projection, event::Offset offset) {
  const auto found = read_first(projection, {event::control_stream, offset});
  if (!found) return std::nullopt;
  const auto& [folded, outcome] = *found;
  Told told{200, {{"id", folded.leaf.id.to_string()}}, folded.actor, {}};
  const auto finish = [&](std::string_view verdict) {
    told.body["verdict"] = verdict;
    told.body["problems"] = answer::problems(outcome.problems);
    if (outcome.control_number > 0) told.body["number"] = outcome.control_number;
    told.body["position"] = answer::position(folded.position());
    told.body["recorded_at"] = base::to_string(outcome.recorded_at);
    told.body["actor"] = answer::actor(folded.actor);
  };
  if (outcome.verdict == event::Verdict::Rejected) {
    told.status = 422;
    finish("rejected");
    return told;
  }
  json::object positions;
  if (outcome.control_number > 0) {
    for (const auto* province : projection.provinces()) {
      const auto view = province->view();
      if (view->controls.size() >= outcome.control_number) positions[province->province()] = view->controls[outcome.control_number - 1];
    }
  }
  const bool everywhere = outcome.control_number == 0 || positions.size() == projection.provinces().size();
  finish(everywhere ? "accepted" : "pending");
  if (everywhere && outcome.control_number > 0) told.body["positions"] = std::move(positions);
  return told;
}

std::uint64_t control_number(Projection& projection, event::Offset offset) {
  const auto found = read_first(projection, {event::control_stream, offset});
  return found ? found->outcome.control_number : 0;
}

}  // namespace tamroi::projection
