#include "telemetry/gathering_sink.h"

#include <catch2/catch_test_macros.hpp>
#include <spdlog/logger.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace tamroi::telemetry {
namespace {

// A pipe, and a logger that writes into it.
class Written {
 public:
  Written() {
    REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0);
    sink_ = std::make_shared<GatheringSink>(ends_[1]);
    sink_->set_pattern("%v");
    logger_ = std::make_unique<spdlog::logger>("written", sink_);
  }
  ~Written() {
    end();
    ::close(ends_[0]);
  }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;

  spdlog::logger& logger() { return *logger_; }
  // Waits for something if nothing is there yet.
  std::string read() {
    std::array<char, 65536> bytes{};
    const auto count = ::read(ends_[0], bytes.data(), bytes.size());
    REQUIRE(count >= 0);
    return {bytes.data(), static_cast<std::size_t>(count)};
  }
  std::string read_now() {
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    return read();
  }
  // Whatever was not written yet is now, and the pipe ends.
  void end() {
    if (logger_ == nullptr) return;
    logger_.reset();
    sink_.reset();
    ::close(ends_[1]);
  }

 private:
  std::array<int, 2> ends_{};
  std::shared_ptr<GatheringSink> sink_;
  std::unique_ptr<spdlog::logger> logger_;
};

TEST_CASE("a warning is written when the call returns, after all that came before it") {
  Written written;
  written.logger().info("one");
  written.logger().info("two");
  written.logger().warn("three");
  CHECK(written.read_now() == "one\ntwo\nthree\n");
}

TEST_CASE("a line that nothing follows is written all the same") {
  Written written;
  written.logger().info("alone");
  CHECK(written.read() == "alone\n");
}

TEST_CASE("what is left is written at the end") {
  Written written;
  written.logger().info("last");
  written.end();
  CHECK(written.read_now() == "last\n");
}

TEST_CASE("lines of several threads are whole, each thread's in its order") {
  constexpr int lines = 2'000;
  Written written;
  std::string all;
  std::thread reader([&] {
    for (std::string some = written.read(); !some.empty(); some = written.read()) all += some;
  });
  {
    std::vector<std::jthread> writers;
    for (const char name : {'a', 'b', 'c'}) {
      writers.emplace_back([&, name] {
        for (int i = 0; i < lines; ++i) written.logger().info("{} {}", name, i);
      });
    }
  }
  written.end();
  reader.join();
  std::array<int, 3> next{};
  std::size_t begin = 0;
  for (std::size_t end = all.find('\n'); end != std::string::npos; end = all.find('\n', begin)) {
    const std::string line = all.substr(begin, end - begin);
    begin = end + 1;
    int& expected = next.at(static_cast<std::size_t>(line.at(0) - 'a'));
    REQUIRE(line.substr(2) == std::to_string(expected));
    ++expected;
  }
  CHECK(next == std::array{lines, lines, lines});
}

}  // namespace
}  // namespace tamroi::telemetry
