#pragma once

#include <functional>
#include <optional>
#include <string>

namespace tamroi::verify {

// Gives the bytes of "checkpoint" or "tile/…"; nothing where the log has no such file.
using Source = std::function<std::optional<std::string>(const std::string& path)>;

// A log's files out of a folder, or by HTTP from what begins with "http://", such as http://127.0.0.1:8080/v1/log.
//
// Errors: this and the source throw std::system_error where it cannot be read; std::invalid_argument where it is no address.
[[nodiscard]] Source open_source(const std::string& place);

}  // namespace tamroi::verify
