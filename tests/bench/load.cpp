// A load on an HTTP server from many kept connections, each with one request in flight; prints the rate and the
// latencies as JSON. With --hello the server is the smallest one that Beast makes, in this process: the limit. With
// --hello-bytes its answers are as long as the server's that it is compared with.

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <time.h>

#include "base/sha256.h"
#include "base/uuid.h"

namespace tamroi::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

// A unit that sends, and the token it sends with.
struct Place {
  std::string unit;
  std::string token;
};

struct Plan {
  std::uint16_t port = 8080;
  std::string token;
  std::size_t clients = 64;
  double seconds = 5;
  std::size_t requests = 0;  // of each client; 0: as many as it can in those seconds
  double rate = 0;  // requests a second of all clients, sent when they are due; 0: as fast as they are answered
  std::string path;       // to get; empty: submissions are posted
  std::size_t facts = 1;  // of a submission
  std::size_t lines = 0;  // submissions a request; 0: JSON, not NDJSON
  std::string prefer;
  std::string unit = "2401";
  std::size_t households = 100;  // registered by the caller as h-0 ...
  std::vector<Place> places;        // that send in turns, each submission of households of its own; empty: `unit` sends
  std::uint64_t seed = 1;
};

struct Tally {
  std::vector<std::uint32_t> micros;
  std::map<unsigned, std::size_t> statuses;
  std::size_t facts = 0;
  std::size_t body_bytes = 0;  // of the last answer
};

base::Uuid new_id(const std::string& what) { return base::Uuid::from_digest(base::sha256(what)); }

// A visit to each of some households.
std::string submission(const Plan& plan, std::size_t client, std::size_t nth) {
  const auto name = fmt::format("{}/{}/{}", plan.seed, client, nth);
  std::string body = fmt::format(R"({{"id":"{}","unit":"{}","round":"2565-2","entries":[)", new_id(name).to_string(), plan.unit);
  auto fact = new_id(name + "/facts");
  for (std::size_t i = 0; i < plan.facts; ++i) {
    fact.bytes[14] = static_cast<std::uint8_t>(i >> 8);
    fact.bytes[15] = static_cast<std::uint8_t>(i);
    body += fmt::format(R"({}{{"op":"record","fact":"{}","type":"mentor_visit","occurred_on":"2022-{:02}-{:02}","values":{{"household":"h-{}","team":"team {}"}}}})",
                        i == 0 ? "" : ",", fact.to_string(), 4 + (nth + i) % 6, 1 + i % 28, (nth * 7 + i) % plan.households, i % 9);
  }
  return body + "]}";
}

constexpr std::size_t facts_a_household = 25;  // its registration and four visits a month

// Households and all their visits: the history grows, and what is known of each household does not.
std::string whole_households(const Plan& plan, const Place& place, std::size_t client, std::size_t nth) {
  const auto name = fmt::format("{}/{}/{}", plan.seed, client, nth);
  std::string body = fmt::format(R"({{"id":"{}","unit":"{}","round":"2565-2","entries":[)", new_id(name).to_string(), place.unit);
  auto fact = new_id(name + "/facts");
  for (std::size_t i = 0; i < plan.facts; ++i) {
    fact.bytes[14] = static_cast<std::uint8_t>(i >> 8);
    fact.bytes[15] = static_cast<std::uint8_t>(i);
    const auto household = fmt::format("h-{}-{}-{}-{}", plan.seed, client, nth, i / facts_a_household);
    const auto visit = i % facts_a_household;
    body += fmt::format(R"({}{{"op":"record","fact":"{}",)", i == 0 ? "" : ",", fact.to_string());
    if (visit == 0) {
      body += fmt::format(R"("type":"target_household","occurred_on":"2022-04-01","values":{{"household":"{}","dimensions":["health"],"source":"tpmap"}}}})", household);
    } else {
      body += fmt::format(R"("type":"mentor_visit","occurred_on":"2022-{:02}-{:02}","values":{{"household":"{}","team":"team {}"}}}})", 4 + visit % 6, 1 + visit,
                          household, nth % 9);
    }
  }
  return body + "]}";
}

std::string submission_of(const Plan& plan, const Place* place, std::size_t client, std::size_t nth) {
  return place == nullptr ? submission(plan, client, nth) : whole_households(plan, *place, client, nth);
}

using Request = http::request<http::string_body>;

Request request_of(const Plan& plan, std::size_t client, std::size_t nth) {
  const auto* place = plan.places.empty() ? nullptr : &plan.places[(nth * plan.clients + client) % plan.places.size()];
  const auto& token = place == nullptr ? plan.token : place->token;
  Request request{plan.path.empty() ? http::verb::post : http::verb::get, plan.path.empty() ? "/v1/submissions" : plan.path, 11};
  request.set(http::field::host, "127.0.0.1");
  if (!token.empty()) request.set(http::field::authorization, "Bearer " + token);
  if (!plan.prefer.empty()) request.set("Prefer", plan.prefer);
  if (plan.path.empty()) {
    request.set(http::field::content_type, plan.lines == 0 ? "application/json" : "application/x-ndjson");
    for (std::size_t i = 0; i < std::max<std::size_t>(1, plan.lines); ++i) {
      request.body() += submission_of(plan, place, client, nth * std::max<std::size_t>(1, plan.lines) + i);
      if (plan.lines != 0) request.body() += '\n';
    }
  }
  request.prepare_payload();
  return request;
}

// When a client's request is to be sent: the clients take turns.
Clock::time_point due(const Plan& plan, Clock::time_point began, std::size_t client, std::size_t nth) {
  if (plan.rate <= 0) return began;
  return began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(nth * plan.clients + client) / plan.rate));
}

asio::awaitable<void> run_client(const Plan& plan, std::size_t client, Clock::time_point began, Clock::time_point until, Tally& tally) {
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  const tcp::endpoint server(asio::ip::make_address("127.0.0.1"), plan.port);
  beast::flat_buffer buffer;
  buffer.reserve(std::size_t{64} << 10);  // or Beast reads 512 bytes at a time
  const std::string asked = plan.path.empty() ? std::string() : fmt::format("{}", fmt::streamed(request_of(plan, client, 0)));
  asio::steady_timer timer(co_await asio::this_coro::executor);
  bool connected = false;
  for (std::size_t nth = 0; plan.requests == 0 ? Clock::now() < until : nth < plan.requests; ++nth) {
    if (plan.rate > 0) {
      timer.expires_at(due(plan, began, client, nth));
      co_await timer.async_wait(asio::use_awaitable);
    }
    if (!connected) {
      co_await stream.async_connect(server, asio::use_awaitable);
      stream.socket().set_option(tcp::no_delay(true));
    }
    Request request = asked.empty() ? request_of(plan, client, nth) : Request();
    const auto sent_at = Clock::now();
    if (asked.empty()) {
      co_await http::async_write(stream, request, asio::use_awaitable);
    } else {
      co_await asio::async_write(stream, asio::buffer(asked), asio::use_awaitable);
    }
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{256} << 20);
    co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
    tally.micros.push_back(static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - sent_at).count()));
    ++tally.statuses[parser.get().result_int()];
    tally.body_bytes = parser.get().body().size();
    if (plan.path.empty()) tally.facts += plan.facts * std::max<std::size_t>(1, plan.lines);
    connected = parser.get().keep_alive();
    if (!connected) stream.close();
  }
}

asio::awaitable<void> say_hello(tcp::socket socket, std::size_t bytes) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  while (true) {
    http::request<http::string_body> request;
    const auto [error, read] = co_await http::async_read(stream, buffer, request, asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    http::response<http::string_body> response{http::status::ok, 11, bytes == 0 ? "hello world" : std::string(bytes, 'x')};
    response.set(http::field::content_type, "text/plain");
    response.keep_alive(true);
    response.prepare_payload();
    co_await http::async_write(stream, response, asio::use_awaitable);
  }
}

asio::awaitable<void> serve_hello(tcp::acceptor& acceptor, std::size_t bytes) {
  while (true) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    asio::co_spawn(acceptor.get_executor(), say_hello(std::move(socket), bytes), asio::detached);
  }
}

json::object run(const Plan& plan) {
  asio::io_context io(1);
  const auto began = Clock::now();
  const auto until = began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(plan.seconds));
  std::vector<Tally> tallies(plan.clients);
  std::exception_ptr failed;
  for (std::size_t i = 0; i < plan.clients; ++i) {
    asio::co_spawn(io, run_client(plan, i, began, until, tallies[i]), [&](const std::exception_ptr& error) {
      if (error) failed = error;
    });
  }
  io.run();
  if (failed) std::rethrow_exception(failed);
  const auto seconds = std::chrono::duration<double>(Clock::now() - began).count();
  Tally all;
  for (auto& tally : tallies) {
    all.micros.insert(all.micros.end(), tally.micros.begin(), tally.micros.end());
    for (const auto& [status, count] : tally.statuses) all.statuses[status] += count;
    all.facts += tally.facts;
    all.body_bytes = tally.body_bytes;
  }
  std::ranges::sort(all.micros);
  const auto at = [&](double share) { return all.micros.empty() ? 0.0 : all.micros[static_cast<std::size_t>(share * static_cast<double>(all.micros.size() - 1))] / 1000.0; };
  json::object statuses;
  for (const auto& [status, count] : all.statuses) statuses[std::to_string(status)] = count;
  const auto rate = [&](std::size_t amount) { return static_cast<std::uint64_t>(static_cast<double>(amount) / seconds); };
  return {{"clients", plan.clients}, {"requests", all.micros.size()}, {"requests_per_second", rate(all.micros.size())},
          {"submissions_per_second", rate(plan.path.empty() ? all.facts / plan.facts : 0)}, {"facts_per_second", rate(all.facts)},
          {"milliseconds", json::object{{"p50", at(0.5)}, {"p99", at(0.99)}, {"max", at(1)}}}, {"statuses", std::move(statuses)}, {"body_bytes", all.body_bytes}};
}

// Of the calling thread.
double micros_on_a_core() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

// Lines of a unit and its token.
std::vector<Place> read_places(const std::string& name) {
  std::vector<Place> places;
  std::ifstream file(name);
  for (Place place; file >> place.unit >> place.token;) places.push_back(place);
  if (places.empty()) throw std::runtime_error(name + " names no unit");
  return places;
}

json::object run_hello(Plan plan, std::size_t bytes) {
  asio::io_context io(1);
  tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
  plan.port = acceptor.local_endpoint().port();
  plan.path = "/";
  asio::co_spawn(io, serve_hello(acceptor, bytes), asio::detached);
  double micros = 0;
  std::thread server([&] {
    io.run();
    micros = micros_on_a_core();
  });
  auto told = run(plan);
  io.stop();
  server.join();
  told["server_micros_a_request"] = micros / told["requests"].to_number<double>();
  return told;
}

}  // namespace
}  // namespace tamroi::bench

int main(int argc, char** argv) {
  tamroi::bench::Plan plan;
  std::string places;
  bool hello = false;
  std::size_t hello_bytes = 0;
  CLI::App app("Loads an HTTP server on 127.0.0.1 and prints figures as JSON.");
  app.add_option("--port", plan.port);
  app.add_option("--token", plan.token);
  app.add_option("--clients", plan.clients);
  app.add_option("--seconds", plan.seconds);
  app.add_option("--requests", plan.requests, "of each client, instead of seconds");
  app.add_option("--rate", plan.rate, "requests a second of all clients; 0: as fast as they are answered");
  app.add_option("--get", plan.path, "a path to get, instead of posting submissions");
  app.add_option("--facts", plan.facts, "of a submission");
  app.add_option("--lines", plan.lines, "submissions a request, as NDJSON");
  app.add_option("--prefer", plan.prefer);
  app.add_option("--unit", plan.unit);
  app.add_option("--households", plan.households, "registered before, as h-0, h-1 ...");
  app.add_option("--places", places, "a file with lines of a unit and its token; these send in turns, whole households each");
  app.add_option("--seed", plan.seed, "of the ids");
  app.add_flag("--hello", hello, "against the smallest server in this process");
  app.add_option("--hello-bytes", hello_bytes, "how long its answers are; 0: hello world");
  CLI11_PARSE(app, argc, argv);
  try {
    if (!places.empty()) plan.places = tamroi::bench::read_places(places);
    std::cout << (hello ? tamroi::bench::run_hello(plan, hello_bytes) : tamroi::bench::run(plan)) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
