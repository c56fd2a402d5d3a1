#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tamroi::readmodel {

// The bytes of a small file; nothing in them where there is no such file.
[[nodiscard]] std::string text_of(const std::filesystem::path& path);

// Writes a small file whole, or leaves what was there: it lasts when this returns. Throws ReadModelUnavailable.
void write_durably(const std::filesystem::path& path, std::string_view bytes);

}  // namespace tamroi::readmodel
