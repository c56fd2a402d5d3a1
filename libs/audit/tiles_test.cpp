#include "audit/tiles.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace tamroi::audit;

TEST_CASE("a tile's path groups its index by threes") {
  CHECK(path_of({0, 0, 256}) == "tile/0/000");
  CHECK(path_of({0, 999, 256}) == "tile/0/999");
  CHECK(path_of({2, 1000, 256}) == "tile/2/x001/000");
  CHECK(path_of({0, 1234067, 256}) == "tile/0/x001/x234/067");
  CHECK(path_of({1, 1, 17}) == "tile/1/001.p/17");
  CHECK(bundle_path(1234067, 3) == "tile/entries/x001/x234/067.p/3");
}

TEST_CASE("what is no path of a tile is none") {
  for (const auto* path : {"tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/x000/000", "tile/0/x001", "tile/0/x001/",
                           "tile/0/001/x002", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/000/",
                           "tile//000", "tile/entry/000", "/tile/0/000", "tile/0/000.p/1.p/1", "tile/0/x999/x999/x999/x999/x999/x999/x999/999", ""}) {
    CAPTURE(path);
    CHECK_FALSE(parse_tile_path(path));
  }
  CHECK(parse_tile_path("tile/entries/x001/000.p/7") == TilePath{true, {0, 1000, 7}});
}

TEST_CASE("every tile's path leads back to it") {
  for (std::uint64_t index = 0; index < 5'000'000'000; index = index * 3 + 1) {
    for (const std::uint64_t width : {1ULL, 255ULL, 256ULL}) {
      CHECK(parse_tile_path(path_of({3, index, width})) == TilePath{false, {3, index, width}});
      CHECK(parse_tile_path(bundle_path(index, width)) == TilePath{true, {0, index, width}});
    }
  }
}

TEST_CASE("a tree of 70,000 entries has the tiles that tlog-tiles says") {
  std::vector<Tile> tiles;
  each_tile(70'000, [&](const Tile& tile) { tiles.push_back(tile); });
  REQUIRE(tiles.size() == 274 + 2 + 1);
  CHECK(tiles[273] == Tile{0, 273, 112});
  CHECK(tiles[274] == Tile{1, 0, 256});
  CHECK(tiles[275] == Tile{1, 1, 17});
  CHECK(tiles[276] == Tile{2, 0, 1});
  tiles.clear();
  each_tile(256, [&](const Tile& tile) { tiles.push_back(tile); });
  CHECK(tiles == std::vector<Tile>{{0, 0, 256}, {1, 0, 1}});
}

TEST_CASE("a bundle gives its entries back, and none of it once it is cut") {
  std::string bundle;
  for (const auto& entry : {std::string(), std::string("x"), std::string(65'535, 'y')}) append_to_bundle(bundle, entry);
  std::string_view rest = bundle;
  CHECK(take_from_bundle(rest) == "");
  CHECK(take_from_bundle(rest) == "x");
  CHECK(take_from_bundle(rest)->size() == 65'535);
  CHECK_FALSE(take_from_bundle(rest));
  std::string_view cut = std::string_view(bundle).substr(0, bundle.size() - 1);
  CHECK(take_from_bundle(cut));
  CHECK(take_from_bundle(cut));
  CHECK_FALSE(take_from_bundle(cut));
}
