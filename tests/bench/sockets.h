#pragma once

#include <cstdint>
#include <string>
#include <utility>

// Sockets on loopback for programs that hold very many of them on one thread.
namespace tamroi::bench {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }

 private:
  int number_;
};

// `result` where it is not negative; otherwise a std::system_error says what failed.
int checked(int result, const char* what);

// Begins a connection to the port of 127.0.0.1, without waiting, from 127.0.0.1 and up: one address has too few ports for
// many connections, and too few connections for many clients.
[[nodiscard]] Descriptor begin_connection(std::uint16_t port, std::size_t nth_source);

// As many descriptors as this process is allowed.
void raise_open_files();

// What epoll shall tell of it: `index` and, once it may be, that it is written or read. Edges only, so never a second call.
void watch(const Descriptor& epoll, const Descriptor& socket, std::size_t index);

}  // namespace tamroi::bench
