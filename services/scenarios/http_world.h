#pragma once

#include <map>
#include <memory>
#include <string>

#include "scenarios/world.h"

namespace tamroi::scenarios {

// A running server on the simulated clock, over HTTP, in which nothing has happened yet.
//
// It holds a token of operator@TH and grants itself an account for every other role and unit that a scenario
// speaks as. What a bare word means is asked of `types`, since the server does not tell. Whatever was due when the
// time was moved on has happened once the server says that it is idle.
// Errors: throws std::runtime_error when the server cannot be reached or does not answer in time.
class HttpWorld final : public World {
 public:
  // `url` is http://HOST:PORT; `tokens` is {"ROLE@UNIT": TOKEN, …} with operator@TH at least.
  HttpWorld(const std::string& url, std::map<std::string, std::string> tokens, std::unique_ptr<World> types);
  ~HttpWorld() override;

  void publish(const std::filesystem::path& folder, base::Instant at) override;
  void advance(base::Instant to) override;
  Reply submit(const std::string& body, const Actor& actor, base::Instant at) override;
  Reply control(const std::string& body, const Actor& actor, base::Instant at) override;
  Reply results(const Question& question) override;
  Reply indicator(const Question& question, int number) override;
  Reply levels(const Question& question, int number) override;
  Reply history(const std::string& unit, const std::string& round, int number) override;
  Reply facts(const std::string& unit, const std::string& round) override;
  bool is_number(std::string_view type, std::string_view field) override;

 private:
  struct Connection;
  void settle();
  [[nodiscard]] std::string token(const Actor& actor, base::Instant at);
  [[nodiscard]] Reply get(const std::string& path);
  [[nodiscard]] Reply ask(const Question& question, const std::string& path, const std::string& query);
  [[nodiscard]] Reply pages(const std::string& path, const std::string& member);

  std::unique_ptr<Connection> connection_;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<World> types_;
  base::Instant now_;
};

}  // namespace tamroi::scenarios
