#include "query/public_log.h"

#include <fmt/format.h>

#include "audit/tiles.h"

namespace tamroi::query {
namespace {

using base::Code;

constexpr auto bytes_type = "application/octet-stream";
constexpr auto note_type = "text/plain; charset=utf-8";
// A checkpoint is asked for again soon; what it covers never changes.
constexpr auto for_seconds = "public, max-age=2";
constexpr auto for_ever = "public, max-age=31536000, immutable";

http::Response answered(std::string_view type, std::string body, std::string_view kept) {
  return {200, std::string(type), std::move(body), {{"Cache-Control", std::string(kept)}, {"Access-Control-Allow-Origin", "*"}}};
}

}  // namespace

http::Response PublicLog::checkpoint() {
  const auto shown = projection_.checkpoints()->shown();
  if (shown == nullptr) return http::problem(404, Code::NotFound, "The log has no checkpoint: nothing was signed yet.");
  return answered(note_type, shown->note, for_seconds);
}

http::Response PublicLog::tile(const http::RouteMatch& match) {
  const auto path = audit::parse_tile_path("tile/" + match.parameter("tile"));
  if (!path) return http::problem(404, Code::NotFound, "This is no tile's path.");
  const auto newest = projection_.checkpoints()->newest();
  const auto& tile = path->tile;
  // Also of a tile that is full by now: whoever asks may have an earlier checkpoint.
  const auto covered = newest == nullptr ? 0 : audit::width_in(tile.level, tile.index, newest->checkpoint.size);
  if (covered < tile.width) return http::problem(404, Code::NotFound, "No checkpoint covers this tile.");
  const auto& tree = projection_.checkpoints()->tree();
  return answered(bytes_type, path->entries ? tree.bundle(tile.index, tile.width) : tree.tile(tile), for_ever);
}

}  // namespace tamroi::query
