#include "cli/submitting.h"

#include <chrono>
#include <deque>

#include <fmt/format.h>

#include "cli/changes.h"
#include "cli/delivery.h"
#include "cli/misused.h"
#include "cli/problem_lines.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

using Clock = std::chrono::steady_clock;

// Accepted submissions are named one by one where they are no more.
constexpr std::size_t named_max = 10;

constexpr auto too_long =
    R"({"status":413,"problems":[{"code":"too_large","where":"","why":"A submission is at most 1 MiB of JSON."}]})";

// Submissions out of files, as many at a time as are sent together.
class Batches {
 public:
  explicit Batches(SubmissionFiles& files) : files_(files) {}

  // Whether there are no more than so many, as far as one can know without waiting.
  bool at_most(std::size_t count) {
    while (ahead_.size() <= count && (ahead_.empty() || !files_.would_wait())) {
      auto found = files_.next();
      if (!found) break;
      ahead_.push_back(std::move(*found));
    }
    return ahead_.size() <= count;
  }

  // Several that are each on one line, or one of any kind; none at the end.
  std::vector<FoundSubmission> take(std::size_t lines_max) {
    std::vector<FoundSubmission> batch;
    std::size_t bytes = 0;
    while (batch.size() < lines_max && bytes < BatchSize::bytes_max &&
           (batch.empty() || !ahead_.empty() || !files_.would_wait())) {
      if (ahead_.empty()) {
        auto found = files_.next();
        if (!found) break;
        ahead_.push_back(std::move(*found));
      }
      const bool alone = !ahead_.front().on_one_line || ahead_.front().too_long;
      if (alone && !batch.empty()) break;
      bytes += ahead_.front().body.size();
      batch.push_back(std::move(ahead_.front()));
      ahead_.pop_front();
      if (alone) break;
    }
    return batch;
  }

 private:
  SubmissionFiles& files_;
  std::deque<FoundSubmission> ahead_;
};

class Submitting {
 public:
  Submitting(Client& client, SubmissionFiles& files, const Screen& screen, const Pause& pause)
      : files_(files),
        batches_(files),
        screen_(screen),
        progress_(screen.errors, screen.errors_look, files.bytes_total().value_or(0)),
        patience_(client, pause, [this](const std::string& why) { warn(why); }) {}

  Exit run() {
    try {
      named_ = batches_.at_most(named_max);
      send_all();
    } catch (const std::exception&) {
      progress_.clear();
      if (answered() > 0) warn(fmt::format("{} submissions were answered, up to {}.{}", answered(), last_, again));
      throw;
    }
    progress_.clear();
    if (pending_ > 0) warn(fmt::format("{} have no outcome yet.{}", pending_, again));
    if (!screen_.json) sum_up();
    return not_accepted() == 0 ? Exit::Done : Exit::Refused;
  }

 private:
  static constexpr auto again_with_new_id = "What is rejected changes nothing. Send it corrected under a new id.";
  static constexpr std::string_view again = " Send the same files again: what was taken is not taken twice.";

  [[nodiscard]] std::size_t not_accepted() const { return rejected_ + refused_ + pending_; }
  [[nodiscard]] std::size_t answered() const { return accepted_ + not_accepted(); }

  void send_all() {
    BatchSize size;
    while (true) {
      const auto batch = batches_.take(size.lines());
      if (batch.empty()) return;
      progress_.show(files_.bytes_read(), remark());
      const auto begun = Clock::now();
      const auto delivered = batch.front().too_long ? Delivered{{Reply{413, too_long, {}}}} : deliver(patience_, batch);
      size.took(batch.size(), std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun));
      for (std::size_t i = 0; i < delivered.replies.size(); ++i) tell(batch[i], delivered.replies[i]);
      screen_.output.flush();
      if (delivered.refused_together || delivered.replies.back().status == 401) {
        progress_.clear();
        warn(fmt::format("What follows {} was not sent.", last_));
        return;
      }
    }
  }

  [[nodiscard]] std::string remark() const {
    auto text = fmt::format("{} submissions", answered());
    if (not_accepted() > 0) text += fmt::format(", {} not accepted", not_accepted());
    return text;
  }

  void tell(const FoundSubmission& sent, const Reply& reply) {
    const auto fate = fate_of(reply);
    switch (fate) {
      case Fate::Accepted: ++accepted_; break;
      case Fate::Rejected: ++rejected_; break;
      case Fate::Refused: ++refused_; break;
      case Fate::Pending: ++pending_; break;
    }
    last_ = sent.place();
    if (screen_.json || fate != Fate::Accepted || named_) progress_.clear();
    if (screen_.json) {
      print_body(reply.body, screen_);
    } else if (fate == Fate::Accepted) {
      accept(reply);
    } else if (fate == Fate::Pending) {
      screen_.output << fmt::format("{}: taken, but not decided yet\n", last_);
    } else {
      print_problems(sent.file, sent.posted(), reply, screen_);
      advice_ = fate == Fate::Rejected ? again_with_new_id : advice(reply);
    }
  }

  void accept(const Reply& reply) {
    const auto outcome = parse_object(reply.body).value_or(json::object());
    for (const auto& change : array_at(outcome, "changes")) changes_.add(as_object(change));
    if (named_)
      screen_.output << fmt::format("{}: accepted at {}\n", last_, position_text(object_at(outcome, "position")));
  }

  void sum_up() {
    auto& out = screen_.output;
    if (answered() > 1) {
      auto line = fmt::format("{} accepted", accepted_);
      if (rejected_ > 0) line += fmt::format(", {} rejected", rejected_);
      if (refused_ > 0) line += fmt::format(", {} refused", refused_);
      if (answered() > named_max) line += rate_text(answered(), Clock::now() - begun_);
      out << paint(screen_.look, Tone::Strong, line) << '\n';
    }
    if (const auto changed = changes_.shown(screen_.look); !changed.empty()) {
      out << "Changed:\n" << changed;
    } else if (accepted_ > 0) {
      out << "No result changed.\n";
    }
    if (!advice_.empty()) screen_.errors << paragraph(screen_.errors_look, 0, advice_);
  }

  void warn(const std::string& what) {
    progress_.clear();
    screen_.errors << paragraph(screen_.errors_look, 0, what) << std::flush;
  }

  SubmissionFiles& files_;
  Batches batches_;
  const Screen& screen_;
  Progress progress_;
  Patience patience_;
  Clock::time_point begun_ = Clock::now();
  ChangeSummary changes_;
  std::string advice_;
  std::string last_;  // the place of what was answered last
  bool named_ = false;
  std::size_t accepted_ = 0;
  std::size_t rejected_ = 0;
  std::size_t refused_ = 0;
  std::size_t pending_ = 0;
};

}  // namespace

Exit submit(Client& client, SubmissionFiles& files, const Screen& screen, const Pause& pause) {
  return Submitting(client, files, screen, pause).run();
}

}  // namespace tamroi::cli
