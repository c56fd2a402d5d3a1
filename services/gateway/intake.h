#pragma once

#include "event/record.h"
#include "gateway/front.h"
#include "journal/journal.h"
#include "projection/clock.h"
#include "projection/projection.h"
#include "telemetry/metrics.h"

namespace tamroi::gateway {

// Takes submissions and controls: what the door admits is appended as it came, and answered once it is durable, or,
// with Prefer: wait, once it was folded.
//
// Threads: any; never waits.
class Intake {
 public:
  Intake(projection::Projection& projection, projection::Clock& clock, WaitingRoom& room, telemetry::Metrics& metrics);

  void submit(const event::Actor& actor, http::Request request, http::Responder respond);
  void control(const event::Actor& actor, http::Request request, http::Responder respond);

 private:
  struct Taken;
  void append(std::shared_ptr<Taken> taken, event::Stream stream, const event::Record& record);
  void appended(const std::shared_ptr<Taken>& taken, const journal::Appended& result);
  void wait_for_outcome(const std::shared_ptr<Taken>& taken);
  void wait_for_copies(const std::shared_ptr<Taken>& taken);
  void tell(const std::shared_ptr<Taken>& taken);

  projection::Projection& projection_;
  projection::Clock& clock_;
  WaitingRoom& room_;
  telemetry::Counter submissions_;
  telemetry::Counter controls_;
  telemetry::Counter refused_;
};

}  // namespace tamroi::gateway
