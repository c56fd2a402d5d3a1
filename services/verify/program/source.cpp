#include "verify/program/source.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <memory>
#include <stdexcept>
#include <system_error>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "verify/program/folder.h"

namespace tamroi::verify {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::string_view scheme = "http://";
constexpr std::size_t body_bytes_max = std::size_t{64} << 20;
constexpr timeval patience{30, 0};

struct Address {
  std::string host;
  std::string port = "80";
  std::string prefix;  // of every path, without a slash at its end
};

Address parse_address(std::string_view place) {
  place.remove_prefix(scheme.size());
  const auto slash = place.find('/');
  const auto authority = place.substr(0, slash);
  Address address;
  if (slash != place.npos) address.prefix = place.substr(slash);
  while (address.prefix.ends_with('/')) address.prefix.pop_back();
  const auto colon = authority.rfind(':');
  const bool has_port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  address.host = authority.substr(0, has_port ? colon : authority.npos);
  if (has_port) address.port = authority.substr(colon + 1);
  if (address.host.starts_with('[') && address.host.ends_with(']')) address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty() || address.port.empty()) throw std::invalid_argument("An address like http://HOST:PORT/v1/log is expected.");
  return address;
}

// One connection, which is opened again when the server has closed it.
class Connection {
 public:
  explicit Connection(Address address) : address_(std::move(address)) {}

  std::optional<std::string> get(const std::string& path) {
    const bool kept = socket_.is_open();
    try {
      return ask(path);
    } catch (const boost::system::system_error& error) {
      socket_.close();
      if (!kept) throw std::system_error(static_cast<std::error_code>(error.code()), place(path));
    }
    try {
      return ask(path);
    } catch (const boost::system::system_error& error) {
      throw std::system_error(static_cast<std::error_code>(error.code()), place(path));
    }
  }

 private:
  [[nodiscard]] std::string place(const std::string& path) const { return "http://" + address_.host + ":" + address_.port + address_.prefix + "/" + path; }

  void connect() {
    asio::connect(socket_, tcp::resolver(context_).resolve(address_.host, address_.port));
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }

  std::optional<std::string> ask(const std::string& path) {
    if (!socket_.is_open()) connect();
    http::request<http::empty_body> request{http::verb::get, address_.prefix + "/" + path, 11};
    request.set(http::field::host, address_.host + ":" + address_.port);
    http::write(socket_, request);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_bytes_max);
    http::read(socket_, buffer, parser);
    auto response = parser.release();
    if (!response.keep_alive()) socket_.close();
    if (response.result() == http::status::not_found) return std::nullopt;
    if (response.result() != http::status::ok) {
      throw std::system_error(std::make_error_code(std::errc::protocol_error), place(path) + ": status " + std::to_string(response.result_int()));
    }
    return std::move(response.body());
  }

  Address address_;
  asio::io_context context_;
  tcp::socket socket_{context_};
};

}  // namespace

Source open_source(const std::string& place) {
  if (place.starts_with(scheme)) {
    auto connection = std::make_shared<Connection>(parse_address(place));
    return [connection](const std::string& path) { return connection->get(path); };
  }
  auto folder = std::make_shared<Folder>(place);
  return [folder](const std::string& path) -> std::optional<std::string> {
    if (!folder->has(path)) return std::nullopt;
    return std::string(folder->read(path));
  };
}

}  // namespace tamroi::verify
