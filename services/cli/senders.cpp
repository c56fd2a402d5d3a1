#include "cli/senders.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace tamroi::cli {

Senders::Senders(const Client::Settings& settings, std::size_t count) {
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) clients_.push_back(std::make_unique<Client>(settings));
}

void Senders::run(const std::vector<Job>& jobs) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failed;
  std::mutex failing;
  const auto work = [&](Client& client) {
    try {
      for (auto job = next++; job < jobs.size(); job = next++) jobs[job](client);
    } catch (...) {
      next = jobs.size();
      const std::scoped_lock lock(failing);
      failed = std::current_exception();
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(clients_.size(), jobs.size()); ++i) {
    threads.emplace_back([&work, client = clients_[i].get()] { work(*client); });
  }
  work(first());
  threads.clear();
  if (failed) std::rethrow_exception(failed);
}

}  // namespace tamroi::cli
