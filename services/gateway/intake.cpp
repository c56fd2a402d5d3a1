#include "gateway/intake.h"

#include <chrono>

#include <boost/json.hpp>

#include "answer/answer.h"
#include "gateway/wishes.h"
#include "projection/outcomes.h"
#include "reporting/door.h"

namespace tamroi::gateway {
namespace {

namespace json = boost::json;
using base::Code;

http::Response answer_of(int status, const json::object& body) { return {status, "application/json", json::serialize(body), {}}; }

http::Response not_appended(const std::error_code& error) {
  const bool certain = error == std::errc::resource_unavailable_try_again;
  return http::later(503, Code::Unavailable,
                     certain ? "The journal takes nothing just now; the record was not stored. Send it again."
                             : "The journal failed; whether the record is stored is not known. Send it again with the same id.",
                     1);
}

}  // namespace

// What is under way from the door to the answer.
struct Intake::Taken {
  Taken(base::Uuid record_id, http::Responder responder) : id(record_id), respond(std::move(responder)) {}
  base::Uuid id;
  bool control = false;
  bool waits = false;
  std::chrono::steady_clock::time_point deadline;
  event::Position position;
  http::Responder respond;
};

Intake::Intake(projection::Projection& projection, projection::Clock& clock, WaitingRoom& room, telemetry::Metrics& metrics)
    : projection_(projection), clock_(clock), room_(room),
      submissions_(metrics.counter("tamroi_submissions_total", "Submissions that were appended to the journal.")),
      controls_(metrics.counter("tamroi_controls_total", "Controls that were appended to the journal.")),
      refused_(metrics.counter("tamroi_refused_total", "Submissions and controls that were refused at the door.")) {}

void Intake::submit(const event::Actor& actor, http::Request request, http::Responder respond) {
  const auto stamp = stamp_of(request, clock_);
  if (!stamp) return respond(http::problem(400, {{stamp.error()}}));
  auto admitted = reporting::admit_submission(*projection_.control().published(), actor, request.body);
  if (!admitted) {
    refused_.add();
    return respond(http::problem(admitted.error().status, admitted.error().problems));
  }
  auto taken = std::make_shared<Taken>(admitted->id, std::move(respond));
  set_wait(request, taken->waits, taken->deadline);
  append(std::move(taken), admitted->stream, {event::Kind::Submission, admitted->id, *stamp, actor, std::move(request.body), 0, 0});
}

void Intake::control(const event::Actor& actor, http::Request request, http::Responder respond) {
  const auto stamp = stamp_of(request, clock_);
  if (!stamp) return respond(http::problem(400, {{stamp.error()}}));
  auto admitted = reporting::admit_control(*projection_.control().published(), actor, request.body);
  if (!admitted) {
    refused_.add();
    return respond(http::problem(admitted.error().status, admitted.error().problems));
  }
  auto taken = std::make_shared<Taken>(admitted->id, std::move(respond));
  taken->control = true;
  set_wait(request, taken->waits, taken->deadline);
  append(std::move(taken), event::control_stream, {event::Kind::Control, admitted->id, *stamp, actor, std::move(request.body), 0, 0});
}

void Intake::append(std::shared_ptr<Taken> taken, event::Stream stream, const event::Record& record) {
  taken->position.stream = stream;
  projection_.journal().append({stream, record.id, record.received_at, event::encode(record)},
                               [this, taken](const journal::Appended& result) { appended(taken, result); });
}

void Intake::appended(const std::shared_ptr<Taken>& taken, const journal::Appended& result) {
  if (result.error) return taken->respond(not_appended(result.error));
  (taken->control ? controls_ : submissions_).add();
  taken->position.offset = result.offset;
  if (taken->waits) return wait_for_outcome(taken);
  tell(taken);
}

void Intake::wait_for_outcome(const std::shared_ptr<Taken>& taken) {
  projection_.waiters().wait_for(taken->position, taken->deadline, [this, taken](bool reached) {
    if (!reached) return tell(taken);
    room_.post([this, taken] {
      try {
        if (taken->control) return wait_for_copies(taken);
        const auto told = projection::submission_outcome(projection_, taken->position);
        if (!told) return tell(taken);
        taken->respond(answer_of(told->status, told->body));
      } catch (const std::system_error&) {
        tell(taken);
      }
    });
  });
}

void Intake::wait_for_copies(const std::shared_ptr<Taken>& taken) {
  const auto number = projection::control_number(projection_, taken->position.offset);
  projection_.waiters().wait_for_control(number, taken->deadline, [this, taken](bool reached) {
    if (!reached) return tell(taken);
    room_.post([this, taken] {
      try {
        const auto told = projection::control_outcome(projection_, taken->position.offset);
        if (!told || told->body.at("verdict") == "pending") return tell(taken);
        taken->respond(answer_of(told->status, told->body));
      } catch (const std::system_error&) {
        tell(taken);
      }
    });
  });
}

// It is durable; what became of it is to be asked for.
void Intake::tell(const std::shared_ptr<Taken>& taken) {
  taken->respond(answer_of(202, {{"id", taken->id.to_string()}, {"position", answer::position(taken->position)}}));
}

}  // namespace tamroi::gateway
