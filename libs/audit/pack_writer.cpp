#include "audit/pack_writer.h"

#include <fmt/format.h>

#include "audit/pack_page.h"

namespace tamroi::audit {
namespace {

constexpr std::size_t frame_bytes = 4;

}  // namespace

void append_framed(std::string& file, std::string_view bytes) {
  for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(bytes.size() >> shift & 0xFFU);
  file += bytes;
}

std::optional<std::string_view> take_framed(std::string_view& file) {
  if (file.size() < frame_bytes) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < frame_bytes; ++i) size = size << 8U | static_cast<std::uint8_t>(file[i]);
  if (file.size() - frame_bytes < size) return std::nullopt;
  const auto bytes = file.substr(frame_bytes, size);
  file.remove_prefix(frame_bytes + size);
  return bytes;
}

PackWriter::PackWriter(std::string unit, const std::vector<event::Stream>& streams, Append append)
    : unit_(std::move(unit)), append_(std::move(append)), tiles_([this](const std::string& path, std::string_view bytes) { write("log/" + path, bytes); }) {
  for (const auto stream : streams) streams_[stream];
  streams_[event::control_stream];
  for (const auto& [stream, parts] : streams_) {
    write(records_path(stream), {});
    write(outcomes_path(stream), {});
  }
}

void PackWriter::write(const std::string& path, std::string_view bytes) {
  append_(path, bytes);
  auto& file = files_[path];
  file.bytes += bytes.size();
  file.digest.add(bytes);
}

void PackWriter::write_framed(const std::string& path, std::string_view bytes) {
  std::string framed;
  framed.reserve(bytes.size() + frame_bytes);
  append_framed(framed, bytes);
  write(path, framed);
}

std::expected<std::optional<event::Position>, std::string> PackWriter::leaf(std::string_view bytes) {
  const auto leaf = event::decode_leaf(bytes);
  if (!leaf) return std::unexpected(fmt::format("the ledger's entry {} is no leaf: {}", tree().size(), leaf.error()));
  tiles_.append(bytes);
  const auto found = streams_.find(leaf->stream);
  // An entry that is not the next of its stream keeps its place in the log and counts for nothing.
  if (found == streams_.end() || leaf->offset != found->second.leaves.size()) return std::nullopt;
  found->second.leaves.push_back(*leaf);
  return event::Position{leaf->stream, leaf->offset};
}

std::expected<void, std::string> PackWriter::record(event::Stream stream, std::string_view bytes) {
  auto& parts = streams_.at(stream);
  const auto offset = parts.records++;
  if (offset >= parts.leaves.size()) return std::unexpected(fmt::format("{}:{} has no leaf", event::to_string(stream), offset));
  const auto& leaf = parts.leaves[offset];
  if (leaf.record_length != bytes.size() || leaf.record_sha256 != base::sha256(bytes)) {
    return std::unexpected(fmt::format("the record of {}:{} is not the one that its leaf was written for", event::to_string(stream), offset));
  }
  write_framed(records_path(stream), bytes);
  return {};
}

std::expected<void, std::string> PackWriter::outcome(event::Stream stream, std::string_view bytes) {
  auto& parts = streams_.at(stream);
  const auto offset = parts.outcomes++;
  if (offset >= parts.leaves.size()) return std::unexpected(fmt::format("{}:{} has no leaf", event::to_string(stream), offset));
  const auto& leaf = parts.leaves[offset];
  if (leaf.outcome_length != bytes.size() || leaf.outcome_sha256 != base::sha256(bytes)) {
    return std::unexpected(fmt::format("the outcome of {}:{} is not the one that its leaf was written for", event::to_string(stream), offset));
  }
  write_framed(outcomes_path(stream), bytes);
  return {};
}

void PackWriter::file(const std::string& path, std::string_view bytes) { write(path, bytes); }

std::expected<void, std::string> PackWriter::finish(std::string_view checkpoint) {
  const auto note = parse_note(checkpoint);
  if (!note) return std::unexpected(note.error());
  const auto said = parse_checkpoint(note->text);
  if (!said) return std::unexpected(said.error());
  if (said->size != tree().size() || said->root != tree().root()) {
    return std::unexpected(fmt::format("the checkpoint of size {} is not that of the {} leaves that were given", said->size, tree().size()));
  }
  Manifest manifest{unit_, *said, {}, {}};
  for (const auto& [stream, parts] : streams_) {
    if (parts.records != parts.leaves.size() || parts.outcomes != parts.leaves.size()) {
      return std::unexpected(fmt::format("of stream {} there are {} leaves, but {} records and {} outcomes", event::to_string(stream), parts.leaves.size(),
                                         parts.records, parts.outcomes));
    }
    manifest.streams.push_back({stream, parts.leaves.size()});
  }
  tiles_.finish();
  write(std::string(checkpoint_path), checkpoint);
  write(std::string(page_path), pack_page(manifest));
  for (auto& [path, written] : files_) manifest.files.push_back({path, written.bytes, written.digest.finish()});
  append_(std::string(manifest_path), to_string(manifest));
  return {};
}

}  // namespace tamroi::audit
