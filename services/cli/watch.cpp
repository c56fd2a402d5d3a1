#include "cli/watch.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/changes.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/unit_names.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds pause_min{1};
constexpr std::chrono::seconds pause_max{15};

// "7" and "7.0" are the same place: before the first event of the ledger's entry 7.
std::string cursor_of(const std::string& since) {
  const bool entry_alone = !since.empty() && since.find_first_not_of("0123456789") == std::string::npos;
  return entry_alone ? since + ".0" : since;
}

class Watching {
 public:
  Watching(Client& client, Subscription& feed, const WatchWish& wish, const Screen& screen, const Rest& rest)
      : client_(client), feed_(feed), wish_(wish), screen_(screen), rest_(rest), cursor_(cursor_of(wish.since)) {}

  Exit run() {
    if (!screen_.json && !learn_names()) return Exit::Refused;
    const auto target =
        "/v1/feed" + query_of({{"round", wish_.round},
                               {"unit", wish_.unit},
                               {"indicator", wish_.indicator == 0 ? "" : fmt::to_string(wish_.indicator)}});
    while (true) {
      const auto ended = feed_.follow(target, cursor_, [this](const StreamEvent& event) { return take(event); });
      switch (ended.end) {
        case Subscription::End::Enough:
        case Subscription::End::Interrupted: return finish(Exit::Done);
        case Subscription::End::Lost:
          if (!ended.reached && !reached_) throw ServerUnreachable(feed_.endpoint(), ended.failure);
          break;
        case Subscription::End::Refused:
          if (!is_busy(ended.refusal)) {
            return tell_refusal(ended.refusal, screen_);
          }
      }
      if (!pause_after(ended)) return finish(Exit::Done);
    }
  }

 private:
  // False where the server refuses; that is said then.
  bool learn_names() {
    const auto reply = client_.get("/v1/units");
    if (reply.status != 200) {
      (void)tell_refusal(reply, screen_);
      return false;
    }
    names_ = UnitNames(parse_object(reply.body).value_or(json::object()));
    return true;
  }

  // Said once the server has begun: from then on nothing is missed.
  void announce() {
    const auto whom = wish_.unit.empty() ? "the whole country" : names_.named(wish_.unit);
    tell(fmt::format("Watching {}{}; Ctrl-C ends it.", whom, wish_.since.empty() ? " from now on" : ""));
  }

  bool take(const StreamEvent& event) {
    if (std::exchange(lost_, false)) tell("Connected again; nothing was missed.");
    if (!std::exchange(reached_, true) && !screen_.json) announce();
    pause_ = pause_min;
    cursor_ = event.id;
    if (event.type != "change") return true;
    if (screen_.json) {
      print_body(event.text, screen_);
    } else {
      print(parse_object(event.text).value_or(json::object()));
    }
    screen_.output.flush();
    return ++seen_ != wish_.limit;
  }

  void print(const json::object& change) {
    const auto& cause = object_at(change, "cause");
    const auto position = position_text(object_at(cause, "position"));
    if (position != told_) screen_.output << cause_text(cause, position);
    told_ = position;
    const auto standing = standing_changes(change);
    auto line = fmt::format("{}, indicator {}", names_.named(text_at(change, "unit")),
                            integer_at(change, "indicator").value_or(0));
    if (!standing.empty()) line += ": " + standing;
    screen_.output << paragraph(screen_.look, 2, line, tone_of(change));
    for (const auto& measure : measure_changes(change)) screen_.output << paragraph(screen_.look, 6, measure);
  }

  // What the changes after it come from.
  [[nodiscard]] std::string cause_text(const json::object& cause, const std::string& position) const {
    const auto& actor = object_at(cause, "actor");
    auto text = fmt::format("{}, {}, {} by {}", bangkok_text(text_at(cause, "recorded_at")), position,
                            text_at(cause, "kind"), text_at(actor, "account"));
    if (const auto reason = text_at(cause, "reason"); !reason.empty()) text += ": " + reason;
    return paragraph(screen_.look, 0, text, Tone::Strong);
  }

  // False where it was interrupted.
  bool pause_after(const Subscription::Ended& ended) {
    const auto time = std::clamp(ended.refusal.retry_after, pause_, pause_max);
    pause_ = std::min(2 * pause_, pause_max);
    const auto why = ended.end == Subscription::End::Refused ? "The server is busy"
                                                             : "The connection was lost: " + ended.failure.message();
    tell(fmt::format("{}. Trying again in {} s …", why, time.count()));
    lost_ = true;
    return rest_(time);
  }

  Exit finish(Exit exit) {
    // The terminal shows ^C where the line begins.
    if (screen_.errors_look.terminal) screen_.errors << "\r\x1b[K";
    if (!cursor_.empty()) {
      std::string command = "tamroi watch";
      if (!wish_.unit.empty()) command += ' ' + wish_.unit;
      if (!wish_.round.empty()) command += " --round " + wish_.round;
      if (wish_.indicator > 0) command += fmt::format(" --indicator {}", wish_.indicator);
      // On one line, to be copied.
      const auto text = fmt::format("To go on from here: {} --since {}", command, cursor_);
      screen_.errors << paint(screen_.errors_look, Tone::Faint, text) << '\n';
    }
    return exit;
  }

  void tell(const std::string& what) {
    screen_.errors << paragraph(screen_.errors_look, 0, what, Tone::Faint) << std::flush;
  }

  Client& client_;
  Subscription& feed_;
  const WatchWish& wish_;
  const Screen& screen_;
  const Rest& rest_;
  UnitNames names_;
  std::string cursor_;
  std::string told_;  // the position of the cause that was printed last
  std::uint64_t seen_ = 0;
  std::chrono::seconds pause_ = pause_min;
  bool reached_ = false;
  bool lost_ = false;
};

}  // namespace

Exit watch(Client& client, Subscription& feed, const WatchWish& wish, const Screen& screen, const Rest& rest) {
  return Watching(client, feed, wish, screen, rest).run();
}

}  // namespace tamroi::cli
