#include "disk/files.h"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "disk/bundle_folder.h"

namespace tamroi::disk {
namespace {

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("tamroi-disk-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

TEST_CASE("a file is written whole, for whom it is meant") {
  const Folder folder;
  const auto path = folder.path / "secret";
  write_file(path, "one", Readers::Owner);
  write_file(path, "two", Readers::Owner);
  CHECK(read_file(path) == "two");
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK_FALSE(std::filesystem::exists(folder.path / "secret.new"));
}

TEST_CASE("what cannot be read is an error with its path") {
  CHECK_THROWS_AS(read_file("/no/such/file"), std::system_error);
  CHECK_THROWS_AS(write_file("/no/such/file", "", Readers::Everybody), std::system_error);
}

TEST_CASE("a catalogue without units of its own has those that are shipped") {
  const auto bundle = read_bundle(TAMROI_SOURCE_DIR "/schemas/catalogue/2565-2");
  CHECK(bundle.contains("round.yaml"));
  CHECK(bundle.at("units.csv") == read_file(TAMROI_SOURCE_DIR "/schemas/org/org-units.csv"));
}

TEST_CASE("a catalogue that lies elsewhere in a checkout has the shipped units too, unless it has its own") {
  const Folder checkout;
  const auto catalogue = checkout.path / "tests" / "orchard";
  std::filesystem::create_directories(catalogue);
  std::filesystem::create_directories(checkout.path / "schemas" / "org");
  write_file(checkout.path / "schemas" / "org" / "org-units.csv", "shipped", Readers::Everybody);
  CHECK(read_bundle(catalogue).at("units.csv") == "shipped");
  write_file(catalogue / "units.csv", "own", Readers::Everybody);
  CHECK(read_bundle(catalogue).at("units.csv") == "own");
}

}  // namespace
}  // namespace tamroi::disk
