#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tamroi::cli {

// Where a server listens.
struct Endpoint {
  std::string host;
  std::uint16_t port = 80;
  bool numeric_ipv6 = false;
  [[nodiscard]] std::string to_string() const;  // http://host:port
  [[nodiscard]] std::string authority() const;  // host:port
};

// http://host, http://host:port, with an IPv6 address in brackets; the sentence says what is wrong.
[[nodiscard]] std::expected<Endpoint, std::string> parse_endpoint(std::string_view url);

// One part of a path or of a query, percent-encoded.
[[nodiscard]] std::string encoded(std::string_view part);

// ?name=value&…, without what is empty; "" where nothing is left.
[[nodiscard]] std::string query_of(const std::vector<std::pair<std::string_view, std::string>>& parameters);

// The seconds of a Retry-After header; 0 where it names none.
[[nodiscard]] std::chrono::seconds retry_after_of(std::string_view header);

class ServerUnreachable : public std::system_error {
 public:
  ServerUnreachable(const Endpoint& endpoint, std::error_code why);
};

struct Reply {
  unsigned status = 0;
  std::string body;
  std::chrono::seconds retry_after{0};
};

// What is posted otherwise than the settings say: in the history of a simulated server, whoever sends it when.
struct Outgoing {
  std::string_view body;
  bool lines = false;  // NDJSON
  std::string token = {};
  std::string time = {};
  bool waits = false;  // for the outcome
};

// Asks one server over one connection that is kept open. A request is sent again once where a kept connection
// turns out to be closed, which is safe: what the server knows by its id is not taken twice.
//
// Errors: throws ServerUnreachable, also when an answer does not come in time.
// Limits: answers of at most 256 MiB.
class Client {
 public:
  struct Settings {
    Endpoint endpoint;
    std::string token;  // "": none
    std::string time;   // Tamroi-Time of what is posted; "": none
    std::chrono::seconds connect_within{5};
    std::chrono::seconds answer_within{60};
  };
  explicit Client(Settings settings);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] Reply get(const std::string& target);
  // Waits for the outcome, for as long as the server is willing to.
  [[nodiscard]] Reply post(const std::string& target, std::string_view json);
  // One document a line; the answer has a line for each.
  [[nodiscard]] Reply post_lines(const std::string& target, std::string_view ndjson);
  [[nodiscard]] Reply post(const std::string& target, const Outgoing& outgoing);
  [[nodiscard]] Reply get_as(const std::string& token, const std::string& target);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace tamroi::cli
