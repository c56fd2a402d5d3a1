#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "audit/tiles.h"

namespace tamroi::readmodel {

// The rows of a tile: all hashes that it has so far; empty where there are none.
using TileRow = std::function<std::string(unsigned level, std::uint64_t index)>;
using PutTileRow = std::function<void(unsigned level, std::uint64_t index, std::string_view hashes)>;

// Adds leaves to a tree of a size: every tile that gets hashes is put once, level by level, in order. Of the tiles that are
// there, at most one a level is read.
void grow_tree(audit::Size size, std::span<const audit::Hash> leaves, const TileRow& row, const PutTileRow& put);

}  // namespace tamroi::readmodel
