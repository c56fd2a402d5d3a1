#include "audit/pack_check.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "audit/pack_writer.h"
#include "audit/receipt.h"
#include "audit/tile_builder.h"

namespace tamroi::audit {
namespace {

using Refused = std::unexpected<Difference>;

std::string at(event::Stream stream, event::Offset offset) { return fmt::format("{}:{}", event::to_string(stream), offset); }

// Whether the streams are those of the unit, as far as its code says it: of a region or the ministry the catalogue does.
bool is_of(const std::string& unit, const std::vector<PackStream>& streams) {
  if (streams.size() < 2 || streams.front().stream != event::control_stream) return false;
  const auto is_province = [](const PackStream& other) { return other.stream.code >= 10; };
  if (!std::all_of(streams.begin() + 1, streams.end(), is_province)) return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (unit == "TH" || (unit.size() == 2 && unit[0] == 'R' && is_digit(unit[1]))) return true;
  if ((unit.size() != 2 && unit.size() != 4) || !std::ranges::all_of(unit, is_digit)) return false;
  return streams.size() == 2 && event::to_string(streams.back().stream) == unit.substr(0, 2);
}

std::optional<Difference> check_files(const PackFolder& folder, const Manifest& manifest) {
  std::unordered_set<std::string_view> there(folder.paths.begin(), folder.paths.end());
  if (there.size() != folder.paths.size()) return Difference{std::string(manifest_path), "the folder has a file twice"};
  for (const auto& file : manifest.files) {
    if (there.erase(file.path) == 0) return Difference{file.path, "the file is missing"};
    const auto bytes = folder.read(file.path);
    if (bytes.size() != file.bytes) return Difference{file.path, fmt::format("the file has {} bytes, the manifest says {}", bytes.size(), file.bytes)};
    if (base::sha256(bytes) != file.sha256) return Difference{file.path, "the file's SHA-256 is not the one in the manifest"};
  }
  there.erase(manifest_path);
  if (!there.empty()) return Difference{std::string(*std::ranges::min_element(there)), "the file is not in the manifest"};
  return std::nullopt;
}

// The files of the manifest are those that a pack has.
std::optional<Difference> check_places(const Manifest& manifest, const std::vector<std::string>& of_log) {
  std::unordered_set<std::string> needed{std::string(checkpoint_path), std::string(results_path), std::string(page_path)};
  for (const auto& path : of_log) needed.insert("log/" + path);
  for (const auto& stream : manifest.streams) {
    needed.insert(records_path(stream.stream));
    needed.insert(outcomes_path(stream.stream));
  }
  for (const auto& file : manifest.files) {
    if (needed.erase(file.path) == 0 && !file.path.starts_with("catalogues/")) return Difference{file.path, "no such file belongs to a pack"};
  }
  if (!needed.empty()) return Difference{*std::ranges::min_element(needed), "the pack has no such file"};
  return std::nullopt;
}

// Takes each leaf of the streams with its record and its outcome.
class StreamReader {
 public:
  StreamReader(const PackFolder& folder, ProvenPack& pack) : pack_(pack) {
    for (const auto& stream : pack.manifest.streams) {
      rest_[stream.stream] = {folder.read(records_path(stream.stream)), folder.read(outcomes_path(stream.stream))};
      pack.streams[stream.stream];
    }
  }

  std::optional<Difference> take(std::uint64_t index, std::string_view entry) {
    const auto leaf = event::decode_leaf(entry);
    if (!leaf) return Difference{fmt::format("ledger:{}", index), fmt::format("the log's entry is no leaf: {}", leaf.error())};
    const auto found = pack_.streams.find(leaf->stream);
    // What is not the next of its stream keeps its place in the log and counts for nothing.
    if (found == pack_.streams.end() || leaf->offset != found->second.leaves.size()) return std::nullopt;
    auto& [records, outcomes] = rest_.at(leaf->stream);
    const auto record = take_framed(records);
    if (!record) return Difference{at(leaf->stream, leaf->offset), fmt::format("the record is missing; the log has one (entry {})", index)};
    const auto outcome = take_framed(outcomes);
    if (!outcome) return Difference{at(leaf->stream, leaf->offset), fmt::format("the outcome is missing; the log has one (entry {})", index)};
    if (auto why = mismatch(*leaf, *record, *outcome); !why.empty()) {
      return Difference{at(leaf->stream, leaf->offset), fmt::format("{} (entry {} of the log)", why, index)};
    }
    found->second.leaves.push_back(*leaf);
    found->second.records.push_back(*record);
    found->second.outcomes.push_back(*outcome);
    pack_.bytes += record->size() + outcome->size();
    return std::nullopt;
  }

  std::optional<Difference> finish() const {
    for (const auto& stream : pack_.manifest.streams) {
      const auto count = pack_.streams.at(stream.stream).leaves.size();
      const auto& [records, outcomes] = rest_.at(stream.stream);
      if (!records.empty() || !outcomes.empty()) return Difference{at(stream.stream, count), "there is more than the log vouches for"};
      if (count != stream.records) {
        return Difference{at(stream.stream, count), fmt::format("the manifest says that there are {} records, the log {}", stream.records, count)};
      }
    }
    return std::nullopt;
  }

 private:
  ProvenPack& pack_;
  std::map<event::Stream, std::pair<std::string_view, std::string_view>> rest_;
};

std::optional<Difference> check_roots(const Frontier& tree, const std::vector<Checkpoint>& since) {
  for (const auto& earlier : since) {
    if (earlier.size != tree.size() || earlier.root == tree.root()) continue;
    return Difference{fmt::format("ledger:{}", earlier.size), "the log is another than it was: it does not continue the earlier checkpoint of this size"};
  }
  return std::nullopt;
}

std::optional<Difference> check_since(const Checkpoint& checkpoint, const std::vector<Checkpoint>& since) {
  for (const auto& earlier : since) {
    if (earlier.origin != checkpoint.origin) return Difference{std::string(checkpoint_path), fmt::format("the earlier checkpoint is of {}, another log", earlier.origin)};
    if (earlier.size > checkpoint.size) {
      return Difference{std::string(checkpoint_path), fmt::format("the log was rolled back: it has {} entries, an earlier checkpoint {}", checkpoint.size, earlier.size)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::vector<std::string>, Difference> prove_log(
    const LogFiles& files, const Checkpoint& checkpoint, const std::vector<Checkpoint>& since,
    const std::function<std::optional<Difference>(std::uint64_t, std::string_view)>& visit) {
  if (auto wrong = check_since(checkpoint, since)) return Refused(std::move(*wrong));
  std::vector<std::string> paths;
  std::optional<Difference> wrong;
  std::string reading;  // the bundle whose entries are taken
  std::string_view bundle;
  TileBuilder tiles([&](const std::string& path, std::string_view bytes) {
    paths.push_back(path);
    if (wrong) return;
    const auto there = path == reading ? bundle : files.read(path);
    if (!there) wrong = Difference{"log/" + path, "the file is missing"};
    if (there && *there != bytes) wrong = Difference{"log/" + path, "the file is not what the log's entries give"};
  });
  if ((wrong = check_roots(tiles.tree(), since))) return Refused(std::move(*wrong));
  for (std::uint64_t index = 0; index * tile_width < checkpoint.size; ++index) {
    reading = bundle_path(index, std::min(tile_width, checkpoint.size - index * tile_width));
    const auto there = files.read(reading);
    if (!there) return Refused({"log/" + reading, "the file is missing"});
    bundle = *there;
    auto rest = bundle;
    for (auto left = std::min(tile_width, checkpoint.size - index * tile_width); left > 0; --left) {
      const auto entry = take_from_bundle(rest);
      if (!entry) return Refused({"log/" + reading, "the bundle is cut off"});
      const auto place = tiles.tree().size();
      tiles.append(*entry);
      if (!wrong && visit) wrong = visit(place, *entry);
      if (!wrong && !since.empty()) wrong = check_roots(tiles.tree(), since);
      if (wrong) return Refused(std::move(*wrong));
    }
  }
  tiles.finish();
  if (wrong) return Refused(std::move(*wrong));
  if (tiles.tree().root() != checkpoint.root) return Refused({std::string(checkpoint_path), "the root is not that of the log's entries"});
  return paths;
}

std::expected<ProvenPack, Difference> prove_pack(const PackFolder& folder, const Policy& policy, const std::vector<Checkpoint>& since) {
  if (std::ranges::find(folder.paths, manifest_path) == folder.paths.end()) return Refused({std::string(manifest_path), "the file is missing"});
  auto manifest = parse_manifest(folder.read(std::string(manifest_path)));
  if (!manifest) return Refused({std::string(manifest_path), manifest.error()});
  if (!is_of(manifest->unit, manifest->streams)) return Refused({std::string(manifest_path), "the streams are not those of the unit and of the controls"});
  if (auto wrong = check_files(folder, *manifest)) return Refused(std::move(*wrong));
  ProvenPack pack{std::move(*manifest), {}, {}, 0};
  const auto has = [&](std::string_view path) { return std::ranges::binary_search(pack.manifest.files, path, {}, &PackFile::path); };
  std::vector<std::string> needed{std::string(checkpoint_path)};
  for (const auto& stream : pack.manifest.streams) needed.insert(needed.end(), {records_path(stream.stream), outcomes_path(stream.stream)});
  for (const auto& path : needed) {
    if (!has(path)) return Refused({path, "the file is missing"});
  }
  auto opened = policy.open(folder.read(std::string(checkpoint_path)));
  if (!opened) return Refused({std::string(checkpoint_path), opened.error()});
  if (opened->checkpoint != pack.manifest.checkpoint) return Refused({std::string(checkpoint_path), "the manifest is of another checkpoint"});
  pack.checkpoint = std::move(*opened);
  StreamReader streams(folder, pack);
  const LogFiles log{[&](const std::string& path) -> std::optional<std::string_view> {
    const auto within = "log/" + path;
    return has(within) ? std::optional(folder.read(within)) : std::nullopt;
  }};
  const auto of_log = prove_log(log, pack.checkpoint.checkpoint, since, [&](std::uint64_t index, std::string_view entry) { return streams.take(index, entry); });
  if (!of_log) return Refused(of_log.error());
  if (auto wrong = streams.finish()) return Refused(std::move(*wrong));
  if (auto wrong = check_places(pack.manifest, *of_log)) return Refused(std::move(*wrong));
  return pack;
}

}  // namespace tamroi::audit
