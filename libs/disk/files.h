#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tamroi::disk {

// Throws std::system_error, with the path, where it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// Who may read a file besides its owner.
enum class Readers { Owner, Everybody };

// Writes the whole file or leaves it as it was: a new file is made durable, then takes its place.
// Throws std::system_error, with the path.
void write_file(const std::filesystem::path& path, std::string_view bytes, Readers readers);

}  // namespace tamroi::disk
