#include "server/command_socket.h"

#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

namespace tamroi::server {
namespace {

namespace fs = std::filesystem;
using boost::asio::local::stream_protocol;

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', '\v');  // in the answer, a line stays one
  return text;
}

std::string many_lines(std::string text) {
  std::ranges::replace(text, '\v', '\n');
  return text;
}

// Who opened the other end, as the kernel says.
std::uint32_t user_behind(stream_protocol::iostream& stream) {
  ucred who{};
  socklen_t size = sizeof who;
  const bool told = ::getsockopt(stream.socket().native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) == 0;
  return told ? who.uid : UINT32_MAX;
}

}  // namespace

CommandSocket::CommandSocket(fs::path file, telemetry::Log& log, Run run) : file_(std::move(file)), log_(log), run_(std::move(run)) {}

CommandSocket::~CommandSocket() { stop(); }

void CommandSocket::start() {
  std::error_code ignored;
  fs::remove(file_, ignored);
  try {
    acceptor_.emplace(context_, stream_protocol::endpoint(file_.string()));
    fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write);
  } catch (const std::exception& failure) {
    // Serving goes on; commands then need a stop of the server.
    log_.warning("no commands are taken", {{"socket", file_.string()}, {"why", failure.what()}});
    acceptor_.reset();
    return;
  }
  accept();
  thread_ = std::thread([this] { context_.run(); });
}

void CommandSocket::stop() {
  stopping_ = true;
  context_.stop();
  if (!thread_.joinable()) return;
  thread_.join();
  std::error_code ignored;
  fs::remove(file_, ignored);
}

void CommandSocket::accept() {
  acceptor_->async_accept([this](boost::system::error_code error, stream_protocol::socket socket) {
    if (!error) {
      stream_protocol::iostream stream(std::move(socket));
      stream.expires_after(std::chrono::seconds(5));
      answer(stream);
    }
    accept();
  });
}

void CommandSocket::answer(stream_protocol::iostream& stream) {
  std::string command;
  if (!std::getline(stream, command)) return;
  // A command takes as long as it takes, and goes on when nobody listens any more.
  stream.expires_after(std::chrono::hours(24));
  log_.info("command", {{"command", command}});
  const auto tell = [&](const std::string& line) {
    if (stopping_) throw std::runtime_error("The server is being stopped.");
    stream << '+' << one_line(line) << std::endl;
  };
  try {
    const auto said = run_(command, user_behind(stream), tell);
    stream << '=' << one_line(said) << std::endl;
  } catch (const std::exception& failure) {
    log_.error("command failed", {{"command", command}, {"why", failure.what()}});
    stream << '!' << one_line(failure.what()) << std::endl;
  }
}

std::optional<std::string> ask_server(const fs::path& file, const std::string& command, const CommandSocket::Tell& tell) {
  stream_protocol::iostream stream;
  stream.connect(stream_protocol::endpoint(file.string()));
  if (!stream) return std::nullopt;
  stream << command << std::endl;
  for (std::string line; std::getline(stream, line);) {
    const auto said = many_lines(line.substr(1));
    if (line.starts_with('=')) return said;
    if (line.starts_with('!')) throw std::runtime_error(said);
    tell(said);
  }
  throw std::runtime_error("The server ended before the command did; see its log.");
}

}  // namespace tamroi::server
