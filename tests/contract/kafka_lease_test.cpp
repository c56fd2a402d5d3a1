// Who has the lease of a journal in Kafka, on a real broker.

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "contract/kafka_topics.h"

namespace tamroi::contract {
namespace {

constexpr std::chrono::seconds within{30};

// Several that seek one lease.
struct Seekers {
  explicit Seekers(std::size_t count) {
    static_cast<void>(journal::create_topics(topics.options));
    while (leases.size() < count) leases.push_back(open());
  }
  std::unique_ptr<journal::Lease> open() {
    auto lease = journal::make_kafka_lease(topics.options);
    lease->on_change([this] {
      const std::scoped_lock lock(mutex);
      changed.notify_all();
    });
    return lease;
  }
  [[nodiscard]] std::size_t holders() const {
    std::size_t count = 0;
    for (const auto& lease : leases) count += lease->held() ? 1 : 0;
    return count;
  }
  // The one that holds it alone.
  [[nodiscard]] std::size_t holder() {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, within, [this] { return holders() == 1; }));
    for (std::size_t i = 0;; ++i) {
      if (leases.at(i)->held()) return i;
    }
  }

  KafkaTopics topics;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::unique_ptr<journal::Lease>> leases;
};

}  // namespace

TEST_CASE("who alone seeks a lease gets it, and who does not seek it never") {
  Seekers seekers(2);
  seekers.leases[1]->seek();
  CHECK(seekers.holder() == 1);
}

TEST_CASE("who resigns a lease or ends leaves it to another at once") {
  Seekers seekers(2);
  for (const auto& lease : seekers.leases) lease->seek();
  const auto first = seekers.holder();
  const auto began = std::chrono::steady_clock::now();
  seekers.leases[first]->resign();
  {
    std::unique_lock lock(seekers.mutex);
    REQUIRE(seekers.changed.wait_for(lock, within, [&] { return seekers.leases[1 - first]->held(); }));
  }
  CHECK_FALSE(seekers.leases[first]->held());
  seekers.leases[first]->seek();
  const auto second = seekers.holder();
  seekers.leases.erase(seekers.leases.begin() + static_cast<std::ptrdiff_t>(second));
  CHECK(seekers.holder() == 0);
  // Nobody had to be missed first, which takes 6 s each time.
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
}

TEST_CASE("nobody gets a lease before the listener of who had it has returned") {
  Seekers seekers(2);
  std::atomic<bool> writing = false;
  std::atomic<bool> overlapped = false;
  seekers.leases[0]->seek();
  REQUIRE(seekers.holder() == 0);
  writing = true;
  seekers.leases[0]->on_change([&] {
    if (seekers.leases[0]->held()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // as who waits for its last writes
    writing = false;
  });
  seekers.leases[1]->on_change([&] {
    if (seekers.leases[1]->held() && writing) overlapped = true;
    const std::scoped_lock lock(seekers.mutex);
    seekers.changed.notify_all();
  });
  seekers.leases[1]->seek();
  seekers.leases[0]->resign();
  std::unique_lock lock(seekers.mutex);
  REQUIRE(seekers.changed.wait_for(lock, within, [&] { return seekers.leases[1]->held(); }));
  CHECK_FALSE(overlapped);
}

}  // namespace tamroi::contract
