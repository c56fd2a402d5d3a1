#include "audit/manifest.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/json_text.h"
#include "base/json.h"

namespace tamroi::audit {
namespace {

using base::JsonValue;

// Each place that reads a member takes what is not there for the empty text: to be written again, it then differs.
std::string text_of(JsonValue value, std::string_view member) {
  const auto found = value.member(member);
  return found.is(JsonValue::Type::String) ? std::string(found.text()) : std::string();
}

std::uint64_t number_of(JsonValue value, std::string_view member) {
  const auto found = value.member(member);
  const auto number = found.is(JsonValue::Type::Number) ? found.integer() : std::nullopt;
  return number && *number >= 0 ? static_cast<std::uint64_t>(*number) : 0;
}

base::Digest digest_of(std::string_view hex) {
  base::Digest digest{};
  if (!base::is_sha256_hex(hex)) return digest;
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4U | digit(hex[2 * i + 1]));
  return digest;
}

template <class Item, class Render>
std::string listed(const std::vector<Item>& items, Render render) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "\n  " : ",\n  ") + render(item);
  return "[" + text + "]";
}

}  // namespace

std::string records_path(event::Stream stream) { return "records/" + event::to_string(stream); }
std::string outcomes_path(event::Stream stream) { return "outcomes/" + event::to_string(stream); }
std::string catalogue_path(std::string_view round, std::string_view file) { return fmt::format("catalogues/{}/{}", round, file); }

std::string to_string(const Manifest& manifest) {
  const auto streams = listed(manifest.streams, [](const PackStream& stream) {
    return fmt::format("{{\"stream\": \"{}\", \"records\": {}}}", event::to_string(stream.stream), stream.records);
  });
  const auto files = listed(manifest.files, [](const PackFile& file) {
    return fmt::format("{{\"path\": {}, \"bytes\": {}, \"sha256\": \"{}\"}}", json_text(file.path), file.bytes, base::to_hex(file.sha256));
  });
  return fmt::format("{{\"format\": 1,\n \"unit\": {},\n \"origin\": {},\n \"size\": {},\n \"root\": \"{}\",\n \"streams\": {},\n \"files\": {}}}\n",
                     json_text(manifest.unit), json_text(manifest.checkpoint.origin), manifest.checkpoint.size, to_base64(manifest.checkpoint.root), streams,
                     files);
}

std::expected<Manifest, std::string> parse_manifest(std::string_view bytes) {
  if (bytes.size() > manifest_bytes_max) return std::unexpected("the manifest is too long");
  base::Json json;
  const auto document = json.parse(bytes);
  if (!document) return std::unexpected(fmt::format("the manifest is not JSON: {}", document.error()));
  const auto root = parse_hash(text_of(*document, "root"));
  if (!root) return std::unexpected("the manifest's root is not 32 bytes in base64");
  Manifest manifest{text_of(*document, "unit"), {text_of(*document, "origin"), number_of(*document, "size"), *root}, {}, {}};
  for (auto item = document->member("streams").first(); item; item = item.next()) {
    const auto stream = event::parse_stream(text_of(item, "stream"));
    if (!stream) return std::unexpected("the manifest names a stream that there is not");
    manifest.streams.push_back({*stream, number_of(item, "records")});
  }
  for (auto item = document->member("files").first(); item; item = item.next()) {
    manifest.files.push_back({text_of(item, "path"), number_of(item, "bytes"), digest_of(text_of(item, "sha256"))});
  }
  const auto sorted = [](const auto& items, auto by) { return std::ranges::adjacent_find(items, std::ranges::greater_equal{}, by) == items.end(); };
  if (!sorted(manifest.streams, &PackStream::stream) || !sorted(manifest.files, &PackFile::path)) {
    return std::unexpected("the manifest's streams or files are not in order, or twice there");
  }
  if (to_string(manifest) != bytes) return std::unexpected("the manifest is not written as manifests are");
  return manifest;
}

}  // namespace tamroi::audit
