#include "readmodel/table_writer.h"

#include <algorithm>

#include <fmt/format.h>

namespace tamroi::readmodel {
namespace {

void require(const rocksdb::Status& status, const std::filesystem::path& file) {
  if (status.ok()) return;
  throw ReadModelUnavailable(std::make_error_code(status.IsNoSpace() ? std::errc::no_space_on_device : std::errc::io_error),
                             fmt::format("writing the table {}: {}", file.string(), status.ToString()));
}

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

TableWriter::TableWriter(const std::filesystem::path& folder, const std::string& name) : folder_(folder), name_(name) {}

std::filesystem::path TableWriter::file(const std::filesystem::path& folder, const std::string& name, Family family) {
  return folder / fmt::format("{}-{}.sst", name, name_of(family));
}

void TableWriter::put(Family family, std::string_view key, std::string_view value) {
  if (comes_sorted(family)) return write(family, key, value);
  unsorted_.at(static_cast<std::size_t>(family)).emplace_back(key, value);
}

void TableWriter::write(Family family, std::string_view key, std::string_view value) {
  auto& writer = writers_.at(static_cast<std::size_t>(family));
  if (writer == nullptr) {
    // The file's pages are not read again before it is in the database.
    writer = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), rocksdb::Options(rocksdb::DBOptions(), family_options(family, nullptr)));
    const auto path = file(folder_, name_, family);
    require(writer->Open(path), path);
  }
  // Only a failure asks for the file's name: there are as many rows as facts.
  if (const auto status = writer->Put(slice(key), slice(value)); !status.ok()) require(status, file(folder_, name_, family));
}

std::vector<Family> TableWriter::finish() {
  std::vector<Family> written;
  for (std::size_t i = 0; i < families; ++i) {
    const auto family = static_cast<Family>(i);
    std::ranges::sort(unsorted_[i]);
    for (const auto& [key, value] : unsorted_[i]) write(family, key, value);
    if (writers_[i] == nullptr) continue;
    require(writers_[i]->Finish(), file(folder_, name_, family));
    writers_[i].reset();
    written.push_back(family);
  }
  return written;
}

}  // namespace tamroi::readmodel
