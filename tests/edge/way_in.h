#pragma once

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "gateway/front.h"
#include "gateway/intake.h"
#include "http/mailbox.h"
#include "journal/group_commit_journal.h"
#include "journal/rocksdb_store.h"
#include "projection/projection.h"
#include "projection/stamps.h"
#include "reporting/system_records.h"
#include "support/believable.h"
#include "support/files.h"
#include "support/temporary_directory.h"

namespace tamroi::gateway {

// Lets writes of a store through, or has them wait.
class Gate {
 public:
  void open() { set(true); }
  void close() { set(false); }
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    --waiting_;
  }
  void wait_for_a_write() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

 private:
  void set(bool open) {
    const std::scoped_lock lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int waiting_ = 0;
};

class GatedStore final : public journal::Store {
 public:
  GatedStore(Gate& gate, const std::string& directory) : gate_(gate), store_(journal::open_rocksdb_store(directory)) {}
  journal::Ends ends() override { return store_->ends(); }
  void write(std::span<const journal::Placed> batch) override {
    gate_.pass();
    store_->write(batch);
  }
  std::vector<journal::Entry> read(event::Stream stream, event::Offset from, event::Offset until, std::size_t bytes_max) override {
    return store_->read(stream, from, until, bytes_max);
  }

 private:
  Gate& gate_;
  std::unique_ptr<journal::Store> store_;
};

// An answer that is or will be there.
class Answer {
 public:
  Answer() : mailbox_(std::make_shared<http::Mailbox>([came = came_](http::Mailbox::Mails) { came->set_value(); }, 1 << 20)) {}
  [[nodiscard]] http::Responder responder() { return http::Responder(mailbox_); }
  [[nodiscard]] http::Response get() {
    came_->get_future().get();
    return std::move(*mailbox_->take().answer);
  }

 private:
  std::shared_ptr<std::promise<void>> came_ = std::make_shared<std::promise<void>>();
  std::shared_ptr<http::Mailbox> mailbox_;
};

// The way in of a server: accounts `clerk` and `other` of the province 24, whose tokens are their names.
struct WayIn {
  explicit WayIn(const FrontLimits& limits = {}, journal::QueueLimits queue = {})
      : journal([this] { return std::make_unique<GatedStore>(gate, directory.path() + "/journal"); }, queue),
        front(projection, *clock, room, log, endpoints(), limits) {
    const base::Instant at = base::parse_instant("2022-04-01T00:00:00Z").value();
    grant(reporting::publish_catalogue("2565-2", support::read_bundle_2565_2(), at));
    for (const std::string account : {"clerk", "other"}) {
      grant(reporting::grant_account(account, "province_officer", "24", base::to_hex(base::sha256(account)), at));
    }
    projection.start([] {});
  }
  ~WayIn() {
    gate.open();
    projection.stop();
    room.stop();
  }

  [[nodiscard]] static http::Request request(const std::string& method, const std::vector<std::string>& segments, const std::string& account) {
    http::Request made;
    made.method = method;
    made.segments = segments;
    made.headers = {{"authorization", "Bearer " + account}};
    return made;
  }
  [[nodiscard]] http::Request submission(std::string body, bool lines = false) const {
    auto made = request("POST", {"v1", "submissions"}, "clerk");
    made.headers.emplace_back("content-type", lines ? "application/x-ndjson" : "application/json");
    made.body = std::move(body);
    return made;
  }

  support::TemporaryDirectory directory;
  Gate gate;
  journal::GroupCommitJournal journal;
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  telemetry::Metrics metrics;
  std::unique_ptr<readmodel::ReadModel> model = readmodel::open_read_model(directory.path() + "/readmodel");
  projection::Projection projection{journal, *model, log, metrics, {}};
  std::unique_ptr<projection::Clock> clock = projection::make_simulated_clock(base::parse_instant("2022-08-01T00:00:00Z").value());
  projection::Stamps stamps{*clock};
  WaitingRoom room{2};
  Intake intake{projection, stamps, room, metrics};
  Front front;

 private:
  void grant(const event::Record& record) {
    journal::append_and_wait(journal, {event::control_stream, record.id, record.received_at, event::encode(record)});
  }
  std::vector<Endpoint> endpoints() {
    const auto submit = [this](const event::Actor& actor, http::Request request, http::Responder respond) {
      intake.submit(actor, std::move(request), std::move(respond));
    };
    std::vector<Endpoint> all;
    for (const auto& route : routes::all) {
      auto& endpoint = all.emplace_back(Endpoint{.route = route});
      if (route == routes::submit) endpoint.post = submit;
      const bool taken = route.method == "POST" && route != routes::submit;
      if (taken || route == routes::feed) endpoint.post = [](const auto&, auto, auto) {};
      if (!endpoint.post) endpoint.read = [](const auto&, const auto&, const auto&) { return http::Response{}; };
    }
    return all;
  }
};

}  // namespace tamroi::gateway
