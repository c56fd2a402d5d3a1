// The tree over the ledger: what an entry costs while it grows, and what a proof and a root cost when it is large.

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <unistd.h>

#include "audit/proofs.h"
#include "bench/conditions.h"
#include "readmodel/read_model.h"
#include "support/chance.h"

namespace tamroi::bench {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::size_t batch = 4'096;

struct Folder {
  explicit Folder(const std::string& within) : path(fs::path(within) / ("tamroi-bench-" + std::to_string(::getpid()))) { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

double micros_each(const Seconds& seconds, std::size_t count) { return seconds.core * 1e6 / static_cast<double>(count); }

// Entries as they are hashed and committed while the ledger is followed; without rows of their own.
Seconds grow(readmodel::ReadModel& model, std::size_t entries, std::size_t at_once) {
  std::string leaf(event::Leaf::size_bytes, 'a');
  std::vector<audit::Hash> leaves;
  const Stopwatch watch;
  for (std::size_t next = 0; next < entries;) {
    leaves.clear();
    for (; leaves.size() < at_once && next < entries; ++next) {
      leaf.replace(0, sizeof next, reinterpret_cast<const char*>(&next), sizeof next);
      leaves.push_back(audit::leaf_hash(leaf));
    }
    model.commit_ledger({}, next, leaves);
  }
  return watch.elapsed();
}

audit::TiledSubtrees subtrees(readmodel::ReadModel& model, audit::Size size) {
  return {size, [&model](const audit::Tile& tile) { return model.tile(tile.level, tile.index).substr(0, tile.width * audit::hash_bytes); }};
}

template <class Once>
json::object spread(std::size_t times, Once once) {
  std::vector<double> micros;
  for (std::size_t i = 0; i < times; ++i) {
    const Stopwatch watch;
    once();
    micros.push_back(watch.elapsed().wall * 1e6);
  }
  std::ranges::sort(micros);
  return {{"median_microseconds", micros[times / 2]}, {"p99_microseconds", micros[times * 99 / 100]}, {"most_microseconds", micros.back()}};
}

json::object measure(const fs::path& folder, std::size_t entries, std::size_t proofs, std::uint64_t seed) {
  const auto model = readmodel::open_read_model(folder / "bulk");
  const auto bulk = grow(*model, entries, batch);
  json::object one_by_one;
  {
    const auto live = readmodel::open_read_model(folder / "live");
    const auto few = std::min<std::size_t>(entries, 20'000);
    one_by_one = {{"entries", few}, {"core_microseconds_an_entry", micros_each(grow(*live, few, 1), few)}};
  }
  support::Chance chance(seed);
  const auto below = [&](audit::Size bound) { return chance.next() % bound; };
  return {{"entries", entries},
          {"core_microseconds_an_entry", micros_each(bulk, entries)},
          {"one_a_commit", std::move(one_by_one)},
          {"table_bytes", model->sizes().table_bytes},
          {"inclusion_proof", spread(proofs, [&] { static_cast<void>(audit::prove_inclusion(below(entries), entries, subtrees(*model, entries))); })},
          {"consistency_proof", spread(proofs, [&] { static_cast<void>(audit::prove_consistency(1 + below(entries), entries, subtrees(*model, entries))); })},
          {"root", spread(proofs, [&] {
             const auto size = 1 + below(entries);
             static_cast<void>(audit::root_of(size, subtrees(*model, size)));
           })}};
}

}  // namespace
}  // namespace tamroi::bench

int main(int count, char** arguments) {
  CLI::App app{"What the tree over the ledger costs."};
  std::string within = std::filesystem::temp_directory_path();
  std::size_t entries = 1'000'000;
  std::size_t proofs = 10'000;
  std::uint64_t seed = 1;
  app.add_option("--directory", within, "where its databases are made meanwhile");
  app.add_option("--entries", entries, "of the ledger")->check(CLI::Range(1'000UL, 100'000'000UL));
  app.add_option("--proofs", proofs, "of each kind")->check(CLI::Range(100UL, 1'000'000UL));
  app.add_option("--seed", seed, "of which entries are proved");
  CLI11_PARSE(app, count, arguments);
  const tamroi::bench::Folder folder(within);
  std::cout << boost::json::serialize(boost::json::object{{"machine", tamroi::bench::machine()}, {"seed", seed}, {"log", tamroi::bench::measure(folder.path, entries, proofs, seed)}})
            << std::endl;
}
