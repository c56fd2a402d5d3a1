#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"
#include "event/record.h"

// What an audit pack says that it holds (schemas/audit/README.md).
namespace tamroi::audit {

struct PackStream {
  event::Stream stream;
  std::uint64_t records = 0;  // from offset 0; as many outcomes
  bool operator==(const PackStream&) const = default;
};
struct PackFile {
  std::string path;
  std::uint64_t bytes = 0;
  base::Digest sha256{};
  bool operator==(const PackFile&) const = default;
};
struct Manifest {
  std::string unit;
  Checkpoint checkpoint;
  std::vector<PackStream> streams;  // by their codes; the control stream is one of them
  std::vector<PackFile> files;      // by their paths; all but the manifest
  bool operator==(const Manifest&) const = default;
};

inline constexpr std::size_t manifest_bytes_max = std::size_t{256} << 20;

// The file manifest.json.
[[nodiscard]] std::string to_string(const Manifest& manifest);
// Takes only what to_string() writes. The error is a sentence.
[[nodiscard]] std::expected<Manifest, std::string> parse_manifest(std::string_view bytes);

inline constexpr std::string_view manifest_path = "manifest.json";
inline constexpr std::string_view checkpoint_path = "log/checkpoint";
inline constexpr std::string_view results_path = "results.json";
inline constexpr std::string_view page_path = "index.html";
[[nodiscard]] std::string records_path(event::Stream stream);   // "records/24"
[[nodiscard]] std::string outcomes_path(event::Stream stream);  // "outcomes/24"
[[nodiscard]] std::string catalogue_path(std::string_view round, std::string_view file);  // "catalogues/2565-2/round.yaml"

}  // namespace tamroi::audit
