#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

// Files that hold a secret: their owner's alone.
namespace tamroi::disk {

// Throws std::system_error, with the path, where it cannot be read, or anybody but its owner may read or write it.
[[nodiscard]] std::string read_secret(const std::filesystem::path& path);
// Makes the file; never writes over one. Throws std::system_error, with the path.
void write_new_secret(const std::filesystem::path& path, std::string_view bytes);
// Of the system's own source of chance.
[[nodiscard]] std::array<std::uint8_t, 32> random_seed();

}  // namespace tamroi::disk
