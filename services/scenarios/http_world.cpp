#include "scenarios/http_world.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "base/sha256.h"
#include "base/uuid.h"
#include "disk/bundle_folder.h"
#include "scenarios/shown.h"

namespace tamroi::scenarios {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;

constexpr auto answer_within = std::chrono::seconds(30);
constexpr auto idle_within = std::chrono::seconds(20);
constexpr auto between_looks = std::chrono::milliseconds(5);
constexpr std::uint64_t answer_bytes_max = 64ULL << 20;

std::string id_from(const std::string& text) { return base::Uuid::from_digest(base::sha256(text)).to_string(); }

std::string round_of(const std::string& text) {
  std::istringstream lines(text);
  for (std::string one; std::getline(lines, one);) {
    if (!one.starts_with("round:")) continue;
    const auto start = one.find_first_not_of(" \"'", 6);
    return one.substr(start, one.find_first_of(" \"'#", start) - start);
  }
  throw std::runtime_error("the catalogue does not name its round");
}

}  // namespace

// One kept connection; opened again when the server has closed it.
struct HttpWorld::Connection {
  std::string host;
  std::string port;
  asio::io_context io;
  std::optional<beast::tcp_stream> stream;

  Reply send(beast::http::request<beast::http::string_body> request) {
    request.set(beast::http::field::host, host + ":" + port);
    request.prepare_payload();
    const bool kept = stream.has_value();
    try {
      return send_once(request);
    } catch (const boost::system::system_error& error) {
      stream.reset();
      if (!kept) throw std::runtime_error(fmt::format("{}:{}: {}", host, port, error.code().message()));
    }
    return send_once(request);
  }

 private:
  // A synchronous call has no deadline in Beast: the asynchronous one is run to its end.
  template <class Start>
  void run(Start start) {
    boost::system::error_code failed;
    stream->expires_after(answer_within);
    start([&failed](boost::system::error_code error, auto&&...) { failed = error; });
    io.restart();
    io.run();
    if (failed) throw boost::system::system_error(failed);
  }

  Reply send_once(const beast::http::request<beast::http::string_body>& request) {
    if (!stream) {
      asio::ip::tcp::resolver resolver(io);
      const auto addresses = resolver.resolve(host, port);
      stream.emplace(io);
      run([&](auto done) { stream->async_connect(addresses, done); });
    }
    run([&](auto done) { beast::http::async_write(*stream, request, done); });
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(answer_bytes_max);
    run([&](auto done) { beast::http::async_read(*stream, buffer, parser, done); });
    const auto& answer = parser.get();
    Reply reply{static_cast<int>(answer.result_int()), answer.body()};
    if (!answer.keep_alive()) stream.reset();
    return reply;
  }
};

namespace {

using Request = beast::http::request<beast::http::string_body>;

Request post_request(const std::string& path, const std::string& body, const std::string& token, base::Instant at) {
  Request request{beast::http::verb::post, "/v1" + path, 11, body};
  request.set(beast::http::field::authorization, "Bearer " + token);
  request.set(beast::http::field::content_type, "application/json");
  request.set("Prefer", "wait=20");
  request.set("Tamroi-Time", base::to_string(at));
  return request;
}

}  // namespace

HttpWorld::HttpWorld(const std::string& url, std::map<std::string, std::string> tokens, std::unique_ptr<World> types)
    : connection_(std::make_unique<Connection>()), tokens_(std::move(tokens)), types_(std::move(types)) {
  constexpr std::string_view scheme = "http://";
  const auto colon = url.rfind(':');
  if (!url.starts_with(scheme) || colon <= scheme.size()) throw std::runtime_error("--url is http://HOST:PORT");
  connection_->host = url.substr(scheme.size(), colon - scheme.size());
  connection_->port = url.substr(colon + 1, url.find('/', colon) - colon - 1);
  if (!tokens_.contains("operator@TH")) throw std::runtime_error("the tokens lack operator@TH");
}

HttpWorld::~HttpWorld() = default;

void HttpWorld::publish(const std::filesystem::path& folder, base::Instant at) {
  types_->publish(folder, at);
  json::object files;
  const auto bundle = disk::read_bundle(folder);
  for (const auto& [path, text] : bundle) files[path] = text;
  const std::string round = round_of(std::string(files.at("round.yaml").as_string()));
  const json::object body{{"id", id_from("catalogue " + round + base::to_hex(catalogue::digest(bundle)))},
                          {"type", "catalogue_published"},
                          {"round", round},
                          {"reason", "said by the scenario"},
                          {"files", files}};
  // A server that has it already says that nothing changes, which is as good.
  const Reply reply = control(json::serialize(body), {"operator-TH", "operator", "TH"}, at);
  if (reply.status != 200 && reply.status != 422) throw std::runtime_error("the catalogue was refused: " + reply.body);
}

void HttpWorld::advance(base::Instant to) {
  types_->advance(to);
  now_ = to;
  // Only what is posted moves the server's clock; this is refused for its body, and leaves nothing behind.
  (void)connection_->send(post_request("/controls", "{}", tokens_.at("operator@TH"), to));
  settle();
}

// Waits until what is due by the server's clock has been done.
void HttpWorld::settle() {
  const auto deadline = std::chrono::steady_clock::now() + idle_within;
  while (true) {
    const Reply reply = connection_->send(Request{beast::http::verb::get, "/readyz", 11});
    const auto* idle = parse_body(reply).if_contains("idle");
    if (idle != nullptr && *idle == true) return;
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("the server does not come to rest: " + reply.body);
    std::this_thread::sleep_for(between_looks);
  }
}

Reply HttpWorld::submit(const std::string& body, const Actor& actor, base::Instant at) {
  now_ = at;
  return connection_->send(post_request("/submissions", body, token(actor, at), at));
}

Reply HttpWorld::control(const std::string& body, const Actor& actor, base::Instant at) {
  now_ = at;
  Reply reply = connection_->send(post_request("/controls", body, token(actor, at), at));
  if (reply.status == 200) settle();
  return reply;
}

std::string HttpWorld::token(const Actor& actor, base::Instant at) {
  const std::string who = actor.role + "@" + actor.unit;
  if (const auto known = tokens_.find(who); known != tokens_.end()) return known->second;
  const std::string made = base::to_hex(base::sha256("scenario token of " + who));
  const json::object body{{"id", id_from("account " + who)},
                          {"type", "account_granted"},
                          {"account", actor.account},
                          {"role", actor.role},
                          {"unit", actor.unit},
                          {"token_sha256", base::to_hex(base::sha256(made))},
                          {"reason", "said by the scenario"}};
  const Reply reply =
      connection_->send(post_request("/controls", json::serialize(body), tokens_.at("operator@TH"), at));
  if (reply.status != 200) throw std::runtime_error("no account for " + who + ": " + reply.body);
  return tokens_[who] = made;
}

Reply HttpWorld::get(const std::string& path) {
  Request request{beast::http::verb::get, "/v1" + path, 11};
  request.set(beast::http::field::authorization, "Bearer " + token({"auditor-TH", "auditor", "TH"}, now_));
  return connection_->send(std::move(request));
}

Reply HttpWorld::ask(const Question& question, const std::string& path, const std::string& query) {
  std::string whole = "/rounds/" + question.round + "/units/" + question.unit + path;
  char mark = '?';
  const auto add = [&](const std::string& parameter) {
    whole += mark + parameter;
    mark = '&';
  };
  if (!query.empty()) add(query);
  if (question.revision) add(fmt::format("revision={}", *question.revision));
  if (question.as_of) add("as_of=" + base::to_string(*question.as_of));
  return get(whole);
}

Reply HttpWorld::results(const Question& question) { return ask(question, "/results", ""); }

Reply HttpWorld::indicator(const Question& question, int number) {
  return ask(question, fmt::format("/indicators/{}", number), "");
}

Reply HttpWorld::levels(const Question& question, int number) {
  return ask(question, "/levels", fmt::format("indicator={}", number));
}

Reply HttpWorld::history(const std::string& unit, const std::string& round, int number) {
  return pages(fmt::format("/rounds/{}/units/{}/indicators/{}/history", round, unit, number), "changes");
}

Reply HttpWorld::facts(const std::string& unit, const std::string& round) {
  return pages(fmt::format("/rounds/{}/units/{}/facts", round, unit), "facts");
}

Reply HttpWorld::pages(const std::string& path, const std::string& member) {
  json::array all;
  for (std::string query;;) {
    const Reply reply = get(path + query);
    const json::object page = parse_body(reply);
    const auto* rows = page.if_contains(member);
    if (reply.status != 200 || rows == nullptr) return reply;
    for (const auto& row : rows->as_array()) all.push_back(row);
    if (!page.contains("next_cursor")) return {200, json::serialize(json::object{{member, std::move(all)}})};
    query = "?cursor=" + shown(page, "next_cursor");
  }
}

bool HttpWorld::is_number(std::string_view type, std::string_view field) { return types_->is_number(type, field); }

}  // namespace tamroi::scenarios
