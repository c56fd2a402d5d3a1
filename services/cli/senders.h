#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cli/client.h"

namespace tamroi::cli {

// Several connections to one server, for what may be sent side by side.
class Senders {
 public:
  using Job = std::function<void(Client&)>;
  Senders(const Client::Settings& settings, std::size_t count);

  // Does all jobs, each on one of the connections, and returns once they are done.
  // Errors: throws what a job threw, one of them where several did; jobs that were not begun are then left.
  void run(const std::vector<Job>& jobs);
  [[nodiscard]] Client& first() { return *clients_.front(); }

 private:
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace tamroi::cli
