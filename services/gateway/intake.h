#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "event/record.h"
#include "gateway/front.h"
#include "gateway/patience.h"
#include "journal/journal.h"
#include "projection/projection.h"
#include "projection/stamps.h"
#include "reporting/door.h"
#include "telemetry/metrics.h"

namespace tamroi::gateway {

struct IntakeLimits {
  std::size_t lines_max = 10'000;  // of a request of many (contract.md)
  std::size_t lines_bytes_max = std::size_t{16} << 20;
  std::chrono::milliseconds wait_max{30'000};  // for an outcome
  std::chrono::milliseconds append_max{5'000};  // until the journal has it, or has said why not
};
// Whether a request brings a submission a line.
[[nodiscard]] bool brings_lines(const http::Request& head);

// Takes submissions and controls: what the door admits is appended as it came, and answered once it is durable, or,
// with Prefer: wait, once it was folded. Whom the journal tells nothing for too long is told that nobody knows: it may be
// stored then, also later.
//
// Threads: any; never waits.
class Intake {
 public:
  Intake(projection::Projection& projection, projection::Stamps& stamps, WaitingRoom& room, telemetry::Metrics& metrics,
         const IntakeLimits& limits = {});

  void submit(const event::Actor& actor, http::Request request, http::Responder respond);
  void control(const event::Actor& actor, http::Request request, http::Responder respond);

 private:
  struct Taken;
  struct Lines;
  // Where the journal has it.
  struct Receipt {
    base::Uuid id;
    event::Position position;
  };
  // Told what a request, or a line of one, is answered with, mostly by the journal's own thread: what many lines are
  // answered with is written out elsewhere.
  using Said = std::variant<http::Response, Receipt>;
  using Answer = std::function<void(Said)>;
  struct Wishes {
    projection::Stamps::Stamp stamp;  // until it was appended
    bool waits = false;
    std::chrono::steady_clock::time_point deadline = {};
  };
  // False where the journal takes nothing just now.
  [[nodiscard]] bool submit_one(const event::Actor& actor, std::string body, const Wishes& wishes, Answer answer);
  void submit_lines(const std::shared_ptr<Lines>& lines);
  void answer_lines(const std::shared_ptr<Lines>& lines);
  [[nodiscard]] bool append(std::shared_ptr<Taken> taken, event::Stream stream, const event::Record& record);
  void appended(const std::shared_ptr<Taken>& taken, const journal::Appended& result);
  void give_up(Taken& taken);
  void wait_for_outcome(const std::shared_ptr<Taken>& taken);
  void wait_for_copies(const std::shared_ptr<Taken>& taken);
  // Tells what would become of it, and appends nothing.
  void preview(const event::Actor& actor, http::Request request, http::Responder respond);
  static http::Response told(Said said);
  static Answer held(http::Responder respond);
  static void tell(const std::shared_ptr<Taken>& taken);
  [[nodiscard]] http::Response refused(const reporting::Refused& refusal);

  projection::Projection& projection_;
  projection::Stamps& stamps_;
  WaitingRoom& room_;
  const IntakeLimits limits_;
  std::atomic<int> previews_ = 0;  // under way
  telemetry::Counter submissions_;
  telemetry::Counter controls_;
  telemetry::Counter given_up_;
  telemetry::Metrics& metrics_;
  Patience patience_;
};

}  // namespace tamroi::gateway
