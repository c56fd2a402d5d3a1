#include "scenarios/command.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <boost/json.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "scenarios/http_world.h"
#include "scenarios/pure_world.h"

namespace tamroi::scenarios {

namespace json = boost::json;

namespace {

// The unit of a role whose key names none (contract.md: 2401 a district, 24 its province).
std::string usual_unit(std::string_view role) {
  if (role == "district_officer") return "2401";
  return role == "province_officer" ? "24" : "TH";
}

std::map<std::string, std::string> tokens_of(const Command& command) {
  std::map<std::string, std::string> tokens;
  if (!command.tokens.empty()) {
    std::ifstream file(command.tokens, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + command.tokens.string());
    tokens = read_tokens(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  if (!command.token.empty()) tokens["operator@TH"] = command.token;
  if (!tokens.contains("operator@TH")) {
    throw std::runtime_error(
        "a server needs the token of an operator: --token TOKEN, or --tokens FILE that the server wrote");
  }
  return tokens;
}

void expect_one(const Command& command) {
  std::size_t total = 0;
  for (const auto& [file, count] : count_scenarios(command.selection)) total += count;
  if (total == 1) return;
  throw std::runtime_error(
      fmt::format("these are {} scenarios, and a server's history is empty only once: name one file, and "
                  "with --only N one of its scenarios",
                  total));
}

}  // namespace

std::map<std::string, std::string> read_tokens(std::string_view text) {
  boost::system::error_code error;
  const auto parsed = json::parse(text, error);
  if (error || !parsed.is_object()) throw std::runtime_error("the file of tokens is no JSON object");
  std::map<std::string, std::string> tokens;
  for (const auto& [key, token] : parsed.get_object()) {
    const std::string who(key);
    if (!token.is_string()) continue;
    tokens[who.find('@') == std::string::npos ? who + "@" + usual_unit(who) : who] = std::string(token.get_string());
  }
  return tokens;
}

int carry_out(const Command& command, std::ostream& output) {
  if (command.list) {
    for (const auto& [file, count] : count_scenarios(command.selection))
      fmt::print(output, "{} {}\n", file.string(), count);
    return 0;
  }
  const auto plans = std::make_shared<reporting::Plans>();
  WorldFactory world = [&plans] { return std::make_unique<PureWorld>(plans); };
  if (!command.url.empty()) {
    expect_one(command);
    const auto tokens = tokens_of(command);
    world = [&command, &plans, tokens] {
      return std::make_unique<HttpWorld>(command.url, tokens, std::make_unique<PureWorld>(plans));
    };
  }
  return run_files(world, command.selection, command.catalogues, output);
}

}  // namespace tamroi::scenarios
