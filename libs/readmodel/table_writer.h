#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <rocksdb/sst_file_writer.h>

#include "readmodel/rows.h"

namespace tamroi::readmodel {

// Writes a stream's rows into one sorted table a family. Rows of most families come in the order of their keys and
// are written as they come; those of the others are sorted first.
class TableWriter final : public Rows {
 public:
  // Files are named `folder`/`name`-FAMILY.sst.
  TableWriter(const std::filesystem::path& folder, const std::string& name);

  void put(Family family, std::string_view key, std::string_view value) override;
  // All rows are in durable files; gives their families.
  [[nodiscard]] std::vector<Family> finish();

  [[nodiscard]] static std::filesystem::path file(const std::filesystem::path& folder, const std::string& name, Family family);
  [[nodiscard]] static bool comes_sorted(Family family) {
    return family != Family::History && family != Family::Changes && family != Family::OwnHistory && family != Family::Sent;
  }

 private:
  void write(Family family, std::string_view key, std::string_view value);

  std::filesystem::path folder_;
  std::string name_;
  std::array<std::unique_ptr<rocksdb::SstFileWriter>, families> writers_;
  std::array<std::vector<std::pair<std::string, std::string>>, families> unsorted_;
};

}  // namespace tamroi::readmodel
