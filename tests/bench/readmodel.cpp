// One province's stream from the journal into the read model: fold, rows, and the changed parts of the fold in RocksDB;
// beside it what iterating the same records in RocksDB and reading their JSON costs at least.

#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <unistd.h>

#include "base/json.h"
#include "bench/conditions.h"
#include "journal/journal.h"
#include "memory/budget.h"
#include "projection/province_stream.h"
#include "support/believable.h"
#include "support/files.h"

namespace tamroi::bench {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

struct Folder {
  explicit Folder(const std::string& within) : path(fs::path(within) / ("tamroi-bench-" + std::to_string(::getpid()))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

void fill(journal::Journal& journal, const support::BelievableProvince& province, event::Stream stream) {
  for (std::size_t i = 0; i < province.stream.size(); ++i) {
    const auto& record = province.stream[i];
    journal::Append append{stream, record.id, record.received_at, event::encode(record)};
    if (i + 1 == province.stream.size() || i % 64 == 0) {
      journal::append_and_wait(journal, std::move(append));
    } else {
      journal.append(std::move(append), [](journal::Appended) {});
    }
  }
}

Seconds project(journal::Journal& journal, const std::string& code, const std::string& directory,
                const std::shared_ptr<reporting::Plans>& plans, const memory::Budget& budget) {
  fs::remove_all(directory);
  telemetry::Log log({.least = telemetry::Severity::Error});
  const auto model = readmodel::open_read_model(directory, {.cache = budget.cache(), .buffers = budget.buffers()});
  projection::ProvinceStream stream(code, {journal, *model, plans, log, [](event::Position) { return std::nullopt; },
                                           [](const projection::ProvinceStream&) {}});
  const Stopwatch watch;
  while (stream.advance()) {
  }
  const auto seconds = watch.elapsed();
  if (stream.stopped() || stream.view()->next != journal.end(stream.stream())) throw std::runtime_error("the stream was not folded to its end");
  return seconds;
}

Seconds iterate_and_parse(journal::Journal& journal, event::Stream stream) {
  base::Json document;
  std::size_t values = 0;
  const Stopwatch watch;
  for (event::Offset next = 0; next < journal.end(stream);) {
    for (const auto& entry : journal.read(stream, next, 4096, std::size_t{4} << 20)) {
      const auto record = event::decode_record(entry.bytes);
      values += document.parse(record->body)->size();
      next = entry.offset + 1;
    }
  }
  const auto seconds = watch.elapsed();
  if (values == 0) throw std::runtime_error("nothing was read");
  return seconds;
}

json::object run(const std::string& code, const std::string& folder, const support::ProvinceSize& size, std::uint64_t seed, std::size_t runs) {
  const Folder within(folder);
  const memory::Budget budget;  // as a server has it
  const auto province = support::believable_province(support::read_bundle_2565_2(), code, size, seed);
  const auto stream = event::parse_stream(code).value();
  const auto plans = std::make_shared<reporting::Plans>();
  (void)plans->compile(support::read_bundle_2565_2());
  const auto journal = journal::open_rocksdb_journal(within.path / "journal", {.cache = budget.cache(), .buffers = budget.buffers()});
  fill(*journal, province, stream);
  std::vector<Seconds> projected;
  std::vector<Seconds> limit;
  for (std::size_t i = 0; i < runs; ++i) {
    projected.push_back(project(*journal, code, within.path / "readmodel", plans, budget));
    limit.push_back(iterate_and_parse(*journal, stream));
  }
  const auto facts = province.entries;
  const auto bytes = province.body_bytes;
  return {{"benchmark", "readmodel"},
          {"machine", machine()},
          {"load", {{"province", code}, {"seed", seed}, {"households", size.households}, {"facts", facts}, {"facts_a_submission", size.facts_a_submission}}},
          {"projection", rates(projected, facts, bytes)},
          {"limit_rocksdb_iterate_and_strict_json", rates(limit, facts, bytes)}};
}

}  // namespace
}  // namespace tamroi::bench

int main(int argc, char** argv) {
  std::string province = "24";
  std::string folder = std::filesystem::temp_directory_path();
  tamroi::support::ProvinceSize size;
  std::uint64_t seed = 1;
  std::size_t runs = 3;
  CLI::App app("Measures the projection of one believable province and prints figures as JSON.");
  app.add_option("--province", province, "its code");
  app.add_option("--folder", folder, "where the databases lie");
  app.add_option("--households", size.households);
  app.add_option("--facts-a-submission", size.facts_a_submission);
  app.add_option("--seed", seed);
  app.add_option("--runs", runs);
  CLI11_PARSE(app, argc, argv);
  std::cout << tamroi::bench::run(province, folder, size, seed, runs) << '\n';
  return 0;
}
