#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "telemetry/log.h"

namespace tamroi::server {

// Takes commands of one line from whoever may open the socket's file, one after the other. The answer is lines: each
// begins with "+", but for the last, which begins with "=" where all went well, or "!" where not.
//
// Threads: one of its own, on which commands run.
class CommandSocket {
 public:
  using Tell = std::function<void(const std::string& line)>;
  // `user` is the number of the machine's user who asks.
  using Run = std::function<std::string(const std::string& command, std::uint32_t user, const Tell& tell)>;

  // An old file of that name is removed: the caller has the data directory for itself.
  CommandSocket(std::filesystem::path file, telemetry::Log& log, Run run);
  ~CommandSocket();
  CommandSocket(const CommandSocket&) = delete;
  CommandSocket& operator=(const CommandSocket&) = delete;

  void start();
  // A command that is running ends at the next line that it tells.
  void stop();

 private:
  void accept();
  void answer(boost::asio::local::stream_protocol::iostream& stream);

  const std::filesystem::path file_;
  telemetry::Log& log_;
  const Run run_;
  boost::asio::io_context context_;
  std::optional<boost::asio::local::stream_protocol::acceptor> acceptor_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// Asks the server behind the socket; nothing where none is there. Throws std::runtime_error with what went wrong.
[[nodiscard]] std::optional<std::string> ask_server(const std::filesystem::path& file, const std::string& command, const CommandSocket::Tell& tell);

}  // namespace tamroi::server
