#pragma once

#include <functional>
#include <map>
#include <string>

#include <yaml-cpp/yaml.h>

#include "setup/configuration.h"

namespace tamroi::setup {

// Reads one value into the configuration, or says in a sentence what it should be.
using Reader = std::function<std::string(const YAML::Node& value, Configuration& into)>;

// The readers of all settings, by their names with their sections.
[[nodiscard]] const std::map<std::string, Reader, std::less<>>& readers();

}  // namespace tamroi::setup
