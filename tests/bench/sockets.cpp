#include "bench/sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tamroi::bench {
namespace {

sockaddr_in loopback(std::uint16_t port, std::uint32_t last) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + last);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) { return reinterpret_cast<const sockaddr*>(&address); }

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (open()) ::close(number_);
}

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

Descriptor begin_connection(std::uint16_t port, std::size_t nth_source) {
  Descriptor socket(checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
  const int yes = 1;
  // The port is chosen at the connection, so that one is not held back for others.
  checked(setsockopt(socket.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes), "setsockopt");
  const auto from = loopback(0, static_cast<std::uint32_t>(nth_source));
  checked(::bind(socket.number(), generic(from), sizeof from), "bind");
  const auto to = loopback(port, 0);
  if (::connect(socket.number(), generic(to), sizeof to) < 0 && errno != EINPROGRESS) checked(-1, "connect");
  return socket;
}

void raise_open_files() {
  rlimit files{};
  checked(getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
  files.rlim_cur = files.rlim_max;
  checked(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
}

void watch(const Descriptor& epoll, const Descriptor& socket, std::size_t index) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.u64 = index;
  checked(epoll_ctl(epoll.number(), EPOLL_CTL_ADD, socket.number(), &event), "epoll_ctl");
}

}  // namespace tamroi::bench
