#include "gateway/intake.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "answer/answer.h"
#include "gateway/wishes.h"
#include "projection/outcomes.h"
#include "projection/preview.h"
#include "reporting/door.h"

namespace tamroi::gateway {
namespace {

namespace json = boost::json;
using base::Code;

constexpr int previews_max = 2;

http::Response answer_of(int status, const json::object& body) { return {status, "application/json", json::serialize(body), {}}; }

http::Response not_appended(const std::error_code& error) {
  const bool certain = error == std::errc::resource_unavailable_try_again;
  return http::later(503, Code::Unavailable,
                     certain ? "The journal takes nothing just now; the record was not stored. Send it again."
                             : "The journal failed; whether the record is stored is not known. Send it again with the same id.",
                     1);
}

http::Response not_confirmed() {
  return http::later(503, Code::Unavailable,
                     "The journal has not confirmed the record yet; whether it is stored is not known, and it may be later. Send it again with the same "
                     "id, to any server: it counts once.",
                     2);
}

// The lines of a body, without their ends; nothing follows the last end.
std::vector<std::string_view> lines_of(std::string_view body) {
  std::vector<std::string_view> lines;
  while (!body.empty()) {
    const auto end = std::min(body.find('\n'), body.size());
    auto line = body.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return lines;
}

// What a single request would have been answered with, on a line, with its status.
std::string line_of(const http::Response& answer) {
  auto body = json::parse(answer.body).as_object();
  json::object line{{"status", answer.status}};
  for (auto& [name, value] : body) line.insert_or_assign(name, std::move(value));
  return json::serialize(line) + "\n";
}

}  // namespace

bool brings_lines(const http::Request& head) {
  constexpr std::string_view lines = "application/x-ndjson";
  auto type = head.header("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  // The names of media types are in any case (RFC 9110).
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::ranges::equal(type, lines, same);
}

// What is under way from the door to the answer.
struct Intake::Taken : Waiting {
  Taken(base::Uuid named, bool is_control, const Wishes& wished, Answer answer)
      : id(named), control(is_control), wishes(wished), respond(std::move(answer)) {}
  base::Uuid id;
  bool control = false;
  Wishes wishes;
  Answer respond;
  event::Position position = {};
};

// A request of many lines, and what was said of them so far; answered when the last line is.
struct Intake::Lines {
  event::Actor actor;
  Wishes wishes;
  std::string body;
  http::Responder respond;
  std::vector<Said> said = {};
  std::atomic<std::size_t> left = 0;
  std::atomic<bool> failed = false;  // a line was not stored, or it is not known
};

Intake::Intake(projection::Projection& projection, projection::Stamps& stamps, WaitingRoom& room, telemetry::Metrics& metrics,
               const IntakeLimits& limits)
    : projection_(projection), stamps_(stamps), room_(room), limits_(limits),
      submissions_(metrics.counter("tamroi_submissions_total", "Submissions that were appended to the journal.")),
      controls_(metrics.counter("tamroi_controls_total", "Controls that were appended to the journal.")),
      given_up_(metrics.counter("tamroi_appends_given_up_total", "Submissions and controls that the journal did not confirm in time; they may be stored.")),
      metrics_(metrics), patience_(limits.append_max, [this](const auto& waiting) { give_up(static_cast<Taken&>(*waiting)); }) {}

void Intake::submit(const event::Actor& actor, http::Request request, http::Responder respond) {
  if (const auto wish = request.parameter("preview"); wish && *wish != "false") {
    const base::Problem problem{Code::BadValue, "/preview", "Either true or false is expected; one submission is previewed, at the server's own time."};
    const bool can = *wish == "true" && !brings_lines(request) && !request.header("tamroi-time");
    return can ? preview(actor, std::move(request), std::move(respond)) : respond(http::problem(400, {{problem}}));
  }
  const auto stamp = stamp_of(request, stamps_);
  if (!stamp) return respond(http::problem(400, {{stamp.error()}}));
  Wishes wishes{*stamp};
  set_wait(request, limits_.wait_max, wishes.waits, wishes.deadline);
  if (brings_lines(request)) {
    auto lines = std::make_shared<Lines>(actor, wishes, std::move(request.body), std::move(respond));
    return room_.post([this, lines = std::move(lines)] { submit_lines(lines); });
  }
  static_cast<void>(submit_one(actor, std::move(request.body), wishes, held(std::move(respond))));
}

void Intake::preview(const event::Actor& actor, http::Request request, http::Responder respond) {
  const auto admitted = reporting::admit_submission(*projection_.control().published(), actor, request.body);
  if (!admitted) return respond(refused(admitted.error()));
  // Each holds up a province's fold.
  if (++previews_ > previews_max) {
    --previews_;
    return respond(http::later(503, Code::Unavailable, "Other previews are being computed.", 1));
  }
  const event::Record record{event::Kind::Submission, admitted->id, stamps_.clock().now(), actor, std::move(request.body), 0, 0};
  auto held = std::make_shared<http::Responder>(std::move(respond));
  room_.post([this, record, stream = admitted->stream, held] {
    http::Response response;
    try {
      response = answer_of(200, projection::preview(projection_, stream, record));
    } catch (const std::exception&) {
      // Also a defect: it was met in a copy that is thrown away, and stops the stream only where it is met in the stream.
      response = http::later(503, Code::Unavailable, "What it would change cannot be computed just now.", 1);
    }
    --previews_;
    (*held)(std::move(response));
  });
}

bool Intake::submit_one(const event::Actor& actor, std::string body, const Wishes& wishes, Answer answer) {
  auto admitted = reporting::admit_submission(*projection_.control().published(), actor, body);
  if (!admitted) {
    answer(refused(admitted.error()));
    return true;
  }
  if (!projection_.follows().has(admitted->stream)) {
    answer(http::later(503, Code::NotFollowed, projection::not_followed, 60));
    return true;
  }
  return append(std::make_shared<Taken>(admitted->id, false, wishes, std::move(answer)), admitted->stream,
         {event::Kind::Submission, admitted->id, wishes.stamp->time, actor, std::move(body), 0, 0});
}

void Intake::submit_lines(const std::shared_ptr<Lines>& lines) {
  const auto texts = lines_of(lines->body);
  if (texts.size() > limits_.lines_max) {
    return lines->respond(http::problem(413, Code::TooLarge, fmt::format("At most {} lines are taken at once.", limits_.lines_max)));
  }
  lines->said.resize(texts.size());
  // One more than there are lines, so that an empty body is answered, and none before all were taken.
  lines->left = texts.size() + 1;
  const auto answered = [this, lines] {
    if (--lines->left == 0) room_.post([this, lines] { answer_lines(lines); });
  };
  bool room = true;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto tell = [lines, answered, i](Said said) {
      const auto* response = std::get_if<http::Response>(&said);
      if (response != nullptr && response->status == 503) lines->failed = true;
      lines->said[i] = std::move(said);
      answered();
    };
    // A line may rest on those before it, so none is stored after one that was not.
    room = room && !lines->failed;
    if (!room) {
      tell(http::later(503, Code::Unavailable, "A line before it was not stored, so neither is this. Send both again.", 1));
    } else {
      room = submit_one(lines->actor, std::string(texts[i]), lines->wishes, tell);
    }
  }
  lines->wishes.stamp.reset();
  answered();
}

void Intake::answer_lines(const std::shared_ptr<Lines>& lines) {
  std::string all;
  for (auto& said : lines->said) all += line_of(told(std::move(said)));
  lines->respond({200, "application/x-ndjson", std::move(all), {}});
}

void Intake::control(const event::Actor& actor, http::Request request, http::Responder respond) {
  const auto stamp = stamp_of(request, stamps_);
  if (!stamp) return respond(http::problem(400, {{stamp.error()}}));
  auto admitted = reporting::admit_control(*projection_.control().published(), actor, request.body);
  if (!admitted) {
    return respond(refused(admitted.error()));
  }
  Wishes wishes{*stamp};
  set_wait(request, limits_.wait_max, wishes.waits, wishes.deadline);
  static_cast<void>(append(std::make_shared<Taken>(admitted->id, true, wishes, held(std::move(respond))), event::control_stream,
                           {event::Kind::Control, admitted->id, (*stamp)->time, actor, std::move(request.body), 0, 0}));
}

bool Intake::append(std::shared_ptr<Taken> taken, event::Stream stream, const event::Record& record) {
  taken->position.stream = stream;
  patience_.begin(taken);
  return projection_.journal().append({stream, record.id, record.received_at, event::encode(record)},
                                      [this, taken](const journal::Appended& result) { appended(taken, result); });
}

void Intake::appended(const std::shared_ptr<Taken>& taken, const journal::Appended& result) {
  taken->wishes.stamp.reset();
  // Who was told that nobody knows asks for the outcome, or sends it again.
  const bool waits = taken->settle();
  if (result.error) {
    if (waits) taken->respond(not_appended(result.error));
    return;
  }
  (taken->control ? controls_ : submissions_).add();
  if (!waits) return;
  taken->position.offset = result.offset;
  if (taken->wishes.waits) return wait_for_outcome(taken);
  tell(taken);
}

void Intake::give_up(Taken& taken) {
  given_up_.add();
  taken.respond(not_confirmed());
}

void Intake::wait_for_outcome(const std::shared_ptr<Taken>& taken) {
  projection_.waiters().wait_for(taken->position, taken->wishes.deadline, [this, taken](bool reached) {
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
  projection_.waiters().wait_for_control(number, taken->wishes.deadline, [this, taken](bool reached) {
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

http::Response Intake::refused(const reporting::Refused& refusal) {
  const telemetry::Labels labels{{"code", std::string(base::to_string(refusal.problems.front().code))}};
  metrics_.counter("tamroi_door_refusals_total", "Submissions, also lines of many, and controls refused at the door.", labels).add();
  return http::problem(refusal.status, refusal.problems);
}

http::Response Intake::told(Said said) {
  if (auto* response = std::get_if<http::Response>(&said)) return std::move(*response);
  const auto& receipt = std::get<Receipt>(said);
  return answer_of(202, {{"id", receipt.id.to_string()}, {"position", answer::position(receipt.position)}});
}

// A responder as something that can be copied.
Intake::Answer Intake::held(http::Responder respond) {
  return [kept = std::make_shared<http::Responder>(std::move(respond))](Said said) { (*kept)(told(std::move(said))); };
}

// It is durable; what became of it is to be asked for.
void Intake::tell(const std::shared_ptr<Taken>& taken) { taken->respond(Receipt{taken->id, taken->position}); }

}  // namespace tamroi::gateway
