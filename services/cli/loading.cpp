#include "cli/loading.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/line_reader.h"
#include "cli/loaded_accounts.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "sample/line.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

using std::chrono::steady_clock;

constexpr std::size_t lines_max = 10'000;
constexpr std::size_t bytes_max = std::size_t{16} << 20U;
constexpr std::size_t line_bytes_max = std::size_t{2} << 20U;  // a body of 1 MiB, and what stands around it
constexpr int tries_max = 60;
constexpr auto between_tries = std::chrono::seconds(1);
constexpr auto between_looks = std::chrono::milliseconds(10);
constexpr auto idle_within = std::chrono::minutes(30);
constexpr std::size_t named_max = 20;  // lines that were answered otherwise

struct Numbered {
  std::size_t number = 0;
  sample::Line line;
};

// What one account sends at one time: one request.
struct Batch {
  std::vector<const Numbered*> lines;
  std::string body;
};

// 0 where it is no file of a known size.
std::uint64_t size_of(const std::string& name) {
  std::error_code failed;
  const auto size = name == "-" ? 0 : std::filesystem::file_size(name, failed);
  return failed ? 0 : size;
}

std::string id_of(const std::string& body) {
  const auto object = parse_object(body);
  return object ? text_at(*object, "id") : std::string();
}

// The client of a server on a simulated clock: no other lets a history begin in the past.
Client& simulated(Client& client) {
  const auto reply = client.get("/readyz");
  if (true_at(parse_object(reply.body).value_or(json::object()), "simulated")) return client;
  throw std::runtime_error("The server is not on a simulated clock; a history can be played to no other.");
}

class Loading {
 public:
  Loading(const Client::Settings& settings, const LoadWish& wish, const Screen& screen, const Pause& pause)
      : wish_(wish), screen_(screen), pause_(pause), history_(wish.name),
        progress_(screen.errors, screen.errors_look, size_of(wish.name)), senders_(settings, wish.connections),
        accounts_(simulated(senders_.first()), wish.tokens) {}

  Exit run() {
    std::string text;
    base::Json document;
    while (history_.next(text, line_bytes_max)) {
      if (base::is_blank(text)) continue;
      auto line = sample::parse_line(text, document);
      if (!line) throw std::runtime_error(fmt::format("{}:{}: {}", wish_.name, history_.lines(), line.error()));
      if (!together_.empty() && !is_together(*line)) send();
      together_.push_back({history_.lines(), std::move(*line)});
    }
    send();
    settle();
    progress_.clear();
    return sum_up();
  }

 private:
  [[nodiscard]] bool is_together(const sample::Line& line) const {
    const auto& first = together_.front().line;
    return line.at == first.at && line.control == first.control;
  }

  // Sends what is sent at one time.
  void send() {
    if (together_.empty()) return;
    time_ = base::to_string(together_.front().line.at);
    progress_.show(history_.bytes(), fmt::format("{}, {} sent", time_.substr(0, 10), sent_));
    std::set<std::string_view> who;
    for (const auto& each : together_) who.insert(each.line.as);
    accounts_.prepare({who.begin(), who.end()}, time_, senders_);
    if (together_.front().line.control) {
      for (const auto& each : together_) send_control(each);
    } else {
      send_submissions();
    }
    sent_ += together_.size();
    together_.clear();
  }

  // A control takes effect between what was sent before it and after it in every province.
  void send_control(const Numbered& each) {
    settle();
    auto& client = senders_.first();
    const auto& token = accounts_.token_of(each.line.as);
    const auto reply = client.post(std::string(controls_route),
                                   {.body = each.line.body, .token = token, .time = time_, .waits = true});
    const bool there = reply.status == 400 && is_there(client, controls_route, each);
    if (!there && fate_of(reply) != Fate::Accepted) tell(each, refusal_text(reply, {}));
    settle();
  }

  // Provinces are independent of one another; within one, what is sent keeps its order.
  void send_submissions() {
    std::map<std::string, std::vector<Batch>, std::less<>> by_province;
    for (const auto& each : together_) {
      const auto unit = each.line.as.substr(each.line.as.find('@') + 1);
      auto& batches = by_province[unit.substr(0, 2)];
      const auto fits = [&](const Batch& batch) {
        return batch.lines.front()->line.as == each.line.as && batch.lines.size() < lines_max &&
               batch.body.size() + each.line.body.size() < bytes_max;
      };
      if (batches.empty() || !fits(batches.back())) batches.emplace_back();
      batches.back().lines.push_back(&each);
      batches.back().body += each.line.body + '\n';
    }
    std::vector<Senders::Job> jobs;
    for (const auto& [province, batches] : by_province) {
      jobs.emplace_back([this, &batches](Client& client) {
        for (const auto& batch : batches) send_batch(client, batch);
      });
    }
    senders_.run(jobs);
  }

  void send_batch(Client& client, const Batch& batch) {
    const auto& first = *batch.lines.front();
    const Outgoing outgoing{.body = batch.body, .lines = true, .token = accounts_.token_of(first.line.as), .time = time_,
                            .waits = wish_.checks};
    for (int tries = 1;; ++tries) {
      const auto reply = client.post(std::string(submissions_route), outgoing);
      if (reply.status == 400 && is_there(client, submissions_route, first)) {
        there_ += batch.lines.size();
        return;
      }
      const bool busy = is_busy(reply) || reply.body.starts_with(R"({"status":503)");
      if (busy && tries < tries_max) {
        pause_(std::max(reply.retry_after, between_tries));
        continue;
      }
      return judge(batch, reply);
    }
  }

  // Whether a time that is refused is one that the server has had.
  [[nodiscard]] bool is_there(Client& client, std::string_view route, const Numbered& each) {
    auto target = fmt::format("{}/{}", route, encoded(id_of(each.line.body)));
    if (!each.line.control) target += query_of({{"unit", each.line.as.substr(each.line.as.find('@') + 1)}});
    return client.get_as(accounts_.token_of(each.line.as), target).status == 200;
  }

  void judge(const Batch& batch, const Reply& reply) {
    if (reply.status != 200) {
      for (const auto* each : batch.lines) tell(*each, refusal_text(reply, {}));
      return;
    }
    std::string_view rest = reply.body;
    for (const auto* each : batch.lines) {
      const auto end = std::min(rest.find('\n'), rest.size());
      judge(*each, parse_object(rest.substr(0, end)).value_or(json::object()));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  // What was taken may be without an outcome yet, unless it is to be checked.
  void judge(const Numbered& each, const json::object& answer) {
    const auto verdict = text_at(answer, "verdict");
    if (verdict.empty() && integer_at(answer, "status") == 202 && !wish_.checks) return;
    if (verdict == (each.line.rejected ? "rejected" : "accepted")) {
      if (each.line.rejected) ++rejected_;
      return;
    }
    tell(each, json::serialize(answer));
  }

  void tell(const Numbered& each, const std::string& why) {
    const std::scoped_lock lock(telling_);
    if (++otherwise_ > named_max) return;
    progress_.clear();
    screen_.output << fmt::format("{}:{}: {}\n", wish_.name, each.number, why);
  }

  // Waits until the server has done all that there is to do.
  void settle() {
    const auto deadline = steady_clock::now() + idle_within;
    while (true) {
      const auto reply = senders_.first().get("/readyz");
      const auto state = parse_object(reply.body).value_or(json::object());
      if (!array_at(state, "stopped").empty()) throw std::runtime_error("A stream of the server has stopped: " + reply.body);
      if (true_at(state, "idle")) return;
      if (steady_clock::now() > deadline) throw std::runtime_error("The server does not come to rest: " + reply.body);
      std::this_thread::sleep_for(between_looks);
    }
  }

  Exit sum_up() {
    const auto spent = std::chrono::duration<double>(steady_clock::now() - begun_).count();
    screen_.output << fmt::format("{} lines sent in {:.1f} s", sent_, spent);
    if (accounts_.granted() > 0) screen_.output << fmt::format(", as {} accounts", accounts_.granted());
    if (there_ > 0) screen_.output << fmt::format("; {} of them were there already", there_.load());
    screen_.output << ".\n";
    if (wish_.checks) screen_.output << fmt::format("{} were rejected, as they are meant to be.\n", rejected_.load());
    if (otherwise_ > 0) screen_.output << fmt::format("{} were answered otherwise than they are meant to be.\n", otherwise_);
    return otherwise_ == 0 ? Exit::Done : Exit::Refused;
  }

  const LoadWish& wish_;
  const Screen& screen_;
  const Pause& pause_;
  LineReader history_;
  Progress progress_;
  Senders senders_;
  LoadedAccounts accounts_;
  steady_clock::time_point begun_ = steady_clock::now();
  std::vector<Numbered> together_;  // of one time
  std::string time_;
  std::size_t sent_ = 0;
  std::atomic<std::size_t> there_ = 0;
  std::atomic<std::size_t> rejected_ = 0;
  std::mutex telling_;
  std::size_t otherwise_ = 0;
};

}  // namespace

Exit load(const Client::Settings& settings, const LoadWish& wish, const Screen& screen, const Pause& pause) {
  return Loading(settings, wish, screen, pause).run();
}

}  // namespace tamroi::cli
