#include "cli/sending.h"

#include <fmt/format.h>

#include "cli/changes.h"
#include "cli/patience.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/submissions.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

// Accepted submissions are named one by one up to so many.
constexpr std::size_t named_max = 10;

struct Sent {
  const File& file;
  Posted posted;
  [[nodiscard]] std::string place() const { return fmt::format("{}:{}", file.name, Lines(posted).of("")); }
};

// Each problem behind the file and line that it is about.
void print_problems(const Sent& sent, const Reply& reply, const Screen& screen) {
  const auto body = parse_object(reply.body);
  const auto& problems = body ? array_at(*body, "problems") : json::array();
  const Lines lines(sent.posted);
  for (const auto& value : problems) {
    const auto& problem = as_object(value);
    const auto place = fmt::format("{}:{}", sent.file.name, lines.of(text_at(problem, "where")));
    screen.output << paint(screen.look, Tone::Bad, fmt::format("{}: {}", place, problem_text(problem))) << '\n';
  }
  const auto total = body ? integer_at(*body, "problems_total").value_or(0) : 0;
  if (total > static_cast<std::int64_t>(problems.size())) {
    screen.output << fmt::format("{}: and {} more problems\n", sent.place(),
                                 total - static_cast<std::int64_t>(problems.size()));
  }
  if (problems.empty()) screen.output << fmt::format("{}: {}", sent.place(), refusal_text(reply, screen.look));
}

class Submitting {
 public:
  Submitting(Client& client, const Screen& screen, const Pause& pause) : patience_(client, pause), screen_(screen) {}

  Exit run(const std::vector<Sent>& all) {
    Progress progress(screen_.errors, screen_.errors_look, all.size());
    std::size_t done = 0;
    try {
      for (const auto& sent : all) {
        progress.show(done, bad() > 0 ? fmt::format("{} not accepted", bad()) : "");
        const auto reply = patience_.send(submissions_route, sent.posted);
        ++done;
        tell(sent, reply, all.size(), progress);
        if (reply.status == 401) break;
      }
    } catch (const ServerUnreachable&) {
      progress.clear();
      screen_.errors << fmt::format("{} of {} submissions were answered.{}\n", done, all.size(), again);
      throw;
    }
    progress.clear();
    if (done < all.size())
      screen_.errors << fmt::format("{} of {} submissions were not sent.\n", all.size() - done, all.size());
    if (pending_ > 0) screen_.errors << fmt::format("{} have no outcome yet.{}\n", pending_, again);
    if (!screen_.json) sum_up(all.size());
    return bad() == 0 && done == all.size() ? Exit::Done : Exit::Refused;
  }

 private:
  static constexpr auto again_with_new_id = "What is rejected changes nothing. Send it corrected under a new id.";
  static constexpr std::string_view again = " Send the same files again: what was taken is not taken twice.";

  [[nodiscard]] std::size_t bad() const { return rejected_ + refused_ + pending_; }

  void tell(const Sent& sent, const Reply& reply, std::size_t count, Progress& progress) {
    const auto fate = fate_of(reply);
    switch (fate) {
      case Fate::Accepted: ++accepted_; break;
      case Fate::Rejected: ++rejected_; break;
      case Fate::Refused: ++refused_; break;
      case Fate::Pending: ++pending_; break;
    }
    if (screen_.json || fate != Fate::Accepted || count <= named_max) progress.clear();
    if (screen_.json) {
      print_body(reply.body, screen_);
    } else if (fate == Fate::Accepted) {
      accept(sent, reply, count);
    } else if (fate == Fate::Pending) {
      screen_.output << fmt::format("{}: taken, but not decided yet\n", sent.place());
    } else {
      print_problems(sent, reply, screen_);
      advice_ = fate == Fate::Rejected ? again_with_new_id : advice(reply);
    }
    screen_.output.flush();
  }

  void accept(const Sent& sent, const Reply& reply, std::size_t count) {
    const auto outcome = parse_object(reply.body).value_or(json::object());
    for (const auto& change : array_at(outcome, "changes")) changes_.add(as_object(change));
    if (count > named_max) return;
    screen_.output << fmt::format("{}: accepted at {}\n", sent.place(), position_text(object_at(outcome, "position")));
  }

  void sum_up(std::size_t count) {
    auto& out = screen_.output;
    if (count > 1) {
      auto line = fmt::format("{} accepted", accepted_);
      if (rejected_ > 0) line += fmt::format(", {} rejected", rejected_);
      if (refused_ > 0) line += fmt::format(", {} refused", refused_);
      out << paint(screen_.look, Tone::Strong, line) << '\n';
    }
    if (const auto changed = changes_.shown(screen_.look); !changed.empty()) {
      out << "Changed:\n" << changed;
    } else if (accepted_ > 0) {
      out << "No result changed.\n";
    }
    if (!advice_.empty()) screen_.errors << paragraph(screen_.errors_look, 0, advice_);
  }

  Patience patience_;
  const Screen& screen_;
  ChangeSummary changes_;
  std::string advice_;
  std::size_t accepted_ = 0;
  std::size_t rejected_ = 0;
  std::size_t refused_ = 0;
  std::size_t pending_ = 0;
};

}  // namespace

Exit submit(Client& client, const std::vector<File>& files, const Screen& screen, const Pause& pause) {
  std::vector<Sent> all;
  for (const auto& file : files) {
    const auto found = split(file.name, file.text);
    if (found.empty()) {
      screen.errors << fmt::format("{} holds no submission; nothing was sent.\n", file.name);
      return Exit::WrongUsage;
    }
    for (const auto& posted : found) all.push_back({file, posted});
  }
  return Submitting(client, screen, pause).run(all);
}

Exit send_control(Client& client, const File& file, const Screen& screen, const Pause& pause) {
  const Sent sent{file, {file.text, 1}};
  const auto reply = Patience(client, pause).send(controls_route, sent.posted);
  const auto fate = fate_of(reply);
  if (screen.json) {
    print_body(reply.body, screen);
  } else if (fate == Fate::Accepted) {
    const auto outcome = parse_object(reply.body).value_or(json::object());
    const auto number = integer_at(outcome, "number");
    const auto streams = object_at(outcome, "positions").size();
    screen.output << fmt::format("{}: accepted{}{}\n", sent.place(),
                                 number ? fmt::format(" as control {}", *number) : "",
                                 streams > 0 ? fmt::format(", applied in {} provinces", streams) : "");
  } else if (fate != Fate::Pending) {
    print_problems(sent, reply, screen);
    if (const auto next = advice(reply); !next.empty()) screen.errors << paragraph(screen.errors_look, 0, next);
  }
  if (fate == Fate::Pending)
    screen.errors << "The control was taken, but has no outcome yet. Send it again to learn it.\n";
  return fate == Fate::Accepted ? Exit::Done : Exit::Refused;
}

}  // namespace tamroi::cli
