#include "setup/configuration.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "setup/settings.h"

namespace tamroi::setup {
namespace {

// Reads a document of settings, in sections; gathers every problem.
class Reading {
 public:
  Configuration configuration;
  std::vector<std::string> problems;

  void members(const YAML::Node& map, const std::string& section) {
    std::map<std::string, int> seen;
    for (const auto& member : map) {
      const auto written = member.first.Scalar();
      const auto name = section + written;
      const auto line = member.first.Mark().line + 1;
      if (written.contains('.')) {
        tell(line, name, "there is no such setting");
      } else if (!seen.emplace(name, line).second) {
        tell(line, name, fmt::format("it was set in line {} already", seen.at(name)));
      } else {
        one(member.second, name, line);
      }
    }
    if (section == "memory." && configuration.memory.buffer_bytes > configuration.memory.bytes) {
      tell(map.Mark().line + 1, "memory.buffer_bytes", "it is more than memory.bytes, of which it is a part");
    }
    if (section.empty() && !configuration.projection.follows.all() && !configuration.journal_in_kafka) {
      tell(seen.at("streams"), "streams", "it needs a journal in Kafka: who has an embedded one has to follow all of it");
    }
    if (section.empty() && !seen.contains("data")) tell(1, "data", "it is required: the data directory");
  }

 private:
  void one(const YAML::Node& value, const std::string& name, int line) {
    const auto reader = readers().find(name);
    if (reader != readers().end()) {
      const auto why = reader->second(value, configuration);
      if (!why.empty()) tell(line, name, why);
    } else if (!is_section(name)) {
      tell(line, name, "there is no such setting");
    } else if (!value.IsMap()) {
      tell(line, name, "it is a section: settings are expected in it");
    } else {
      members(value, name + ".");
    }
  }

  static bool is_section(const std::string& name) {
    const auto first = readers().lower_bound(name + ".");
    return first != readers().end() && first->first.starts_with(name + ".");
  }

  void tell(int line, const std::string& name, const std::string& why) { problems.push_back(fmt::format("line {}: {}: {}", line, name, why)); }
};

}  // namespace

std::expected<Configuration, std::vector<std::string>> parse_configuration(const std::string& given) {
  YAML::Node root;
  try {
    root = YAML::Load(given);
  } catch (const YAML::Exception& error) {
    return std::unexpected(std::vector{fmt::format("line {}: it is not YAML: {}", error.mark.line + 1, error.msg)});
  }
  if (!root.IsMap()) return std::unexpected(std::vector<std::string>{"line 1: members such as `data: /var/lib/tamroi` are expected"});
  Reading reading;
  reading.members(root, "");
  if (!reading.problems.empty()) return std::unexpected(std::move(reading.problems));
  return std::move(reading.configuration);
}

std::vector<std::string> setting_names() {
  std::vector<std::string> names;
  for (const auto& [name, reader] : readers()) names.push_back(name);
  return names;
}

}  // namespace tamroi::setup
