#include "setup/configuration.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

namespace tamroi::setup {
namespace {

// Reads one member, or says in a sentence what it should be.
using Reader = std::function<std::string(const YAML::Node& value, Configuration& into)>;

template <class Value>
Reader whole(Value Configuration::* member, std::uint64_t least, std::uint64_t most) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    std::uint64_t number = 0;
    if (!value.IsScalar() || value.Scalar().starts_with('-') || !YAML::convert<std::uint64_t>::decode(value, number) || number < least ||
        number > most) {
      return fmt::format("a whole number from {} to {} is expected", least, most);
    }
    into.*member = static_cast<Value>(number);
    return {};
  };
}

Reader text(std::string Configuration::* member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    if (!value.IsScalar() || value.Scalar().empty()) return "a text is expected";
    into.*member = value.Scalar();
    return {};
  };
}

Reader texts(std::vector<std::string> Configuration::* member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    if (!value.IsSequence() || !std::all_of(value.begin(), value.end(), [](const auto& each) { return each.IsScalar(); })) {
      return "a list of texts is expected";
    }
    into.*member = value.as<std::vector<std::string>>();
    return {};
  };
}

Reader yes_or_no(bool Configuration::* member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const bool fits = value.IsScalar() && (value.Scalar() == "true" || value.Scalar() == "false");
    into.*member = fits && value.Scalar() == "true";
    return fits ? "" : "true or false is expected";
  };
}

template <class Value>
Reader choice(Value Configuration::* member, std::map<std::string, Value> words) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const auto found = value.IsScalar() ? words.find(value.Scalar()) : words.end();
    if (found != words.end()) return into.*member = found->second, "";
    std::string all;
    for (const auto& [word, meaning] : words) all += (all.empty() ? "" : ", ") + word;
    return "one of " + all + " is expected";
  };
}

const std::map<std::string, Reader>& readers() {
  using telemetry::LogFormat;
  using telemetry::Severity;
  static const std::map<std::string, Reader> readers{
      {"data", text(&Configuration::directory)},
      {"address", text(&Configuration::address)},
      {"port", whole(&Configuration::port, 0, 65535)},
      {"hosts", texts(&Configuration::hosts)},
      {"trusted_proxies", texts(&Configuration::trusted_proxies)},
      {"catalogue", text(&Configuration::catalogue)},
      {"simulated", yes_or_no(&Configuration::simulated)},
      {"http_threads", whole(&Configuration::http_threads, 1, 64)},
      {"projection_threads", whole(&Configuration::projection_threads, 1, 64)},
      {"reading_threads", whole(&Configuration::reading_threads, 1, 64)},
      {"log_format", choice(&Configuration::log_format, {{"json", LogFormat::Json}, {"text", LogFormat::Text}})},
      {"log_least", choice(&Configuration::log_least, {{"debug", Severity::Debug}, {"info", Severity::Info},
                                                       {"warning", Severity::Warning}, {"error", Severity::Error}})},
  };
  return readers;
}

}  // namespace

std::expected<Configuration, std::vector<std::string>> parse_configuration(const std::string& given) {
  YAML::Node root;
  try {
    root = YAML::Load(given);
  } catch (const YAML::Exception& error) {
    return std::unexpected(std::vector{fmt::format("line {}: it is not YAML: {}", error.mark.line + 1, error.msg)});
  }
  if (!root.IsMap()) return std::unexpected(std::vector<std::string>{"line 1: members such as `data: /var/lib/tamroi` are expected"});
  Configuration configuration;
  std::vector<std::string> problems;
  std::map<std::string, int> seen;
  for (const auto& member : root) {
    const auto name = member.first.Scalar();
    const auto line = member.first.Mark().line + 1;
    const auto reader = readers().find(name);
    if (reader == readers().end()) {
      problems.push_back(fmt::format("line {}: {}: there is no such setting", line, name));
    } else if (!seen.emplace(name, line).second) {
      problems.push_back(fmt::format("line {}: {}: it was set in line {} already", line, name, seen.at(name)));
    } else if (const auto why = reader->second(member.second, configuration); !why.empty()) {
      problems.push_back(fmt::format("line {}: {}: {}", line, name, why));
    }
  }
  if (!seen.contains("data")) problems.emplace_back("line 1: data: it is required: the data directory");
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return configuration;
}

}  // namespace tamroi::setup
