// A rebuild of the read model from a whole journal, and beside it the limits of both of its ends on the same bytes: reading
// every record in RocksDB and its JSON strictly, and sorting every row into tables that an empty database takes over.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "base/json.h"
#include "bench/conditions.h"
#include "golden/journal_file.h"
#include "journal/journal.h"
#include "projection/rebuild.h"
#include "readmodel/generations.h"
#include "readmodel/table_writer.h"

namespace tamroi::bench {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using Row = std::pair<std::string, std::string>;

// Calls `work(i)` for each i below `count`, each on one of so many threads.
template <typename Work>
void share(std::size_t count, std::size_t threads, Work work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> running;
  for (std::size_t i = 0; i < threads; ++i) {
    running.emplace_back([&] {
      for (auto place = next++; place < count; place = next++) work(place);
    });
  }
}

json::object told(double seconds, std::size_t amount, std::string_view of) {
  return {{"seconds", seconds}, {fmt::format("{}_per_second", of), static_cast<std::int64_t>(static_cast<double>(amount) / seconds)}};
}

double iterate_and_parse(journal::Journal& journal, std::size_t threads) {
  const auto streams = journal.streams();
  std::atomic<std::size_t> values = 0;
  const Stopwatch watch;
  share(streams.size(), threads, [&](std::size_t place) {
    const auto stream = streams[place];
    if (stream == event::ledger_stream) return;
    base::Json document;
    for (event::Offset next = 0; next < journal.end(stream);) {
      for (const auto& entry : journal.read(stream, next, 4096, std::size_t{8} << 20)) {
        if (const auto record = event::decode_record(entry.bytes); record && document.parse(record->body)) values += document.root().size();
        next = entry.offset + 1;
      }
    }
  });
  if (values == 0) throw std::runtime_error("nothing was read");
  return watch.elapsed().wall;
}

// The rows of a read model again and again in disorder, and what it costs to bring them back.
class Sorting {
 public:
  Sorting(const std::string& generation, const fs::path& folder) : from_(generation, {}), tables_(folder / "tables"), into_(folder / "sorted") {
    fs::create_directories(tables_);
  }

  json::object run(std::size_t threads) {
    const auto streams = streams_of();
    share(streams.size(), threads, [&](std::size_t place) { one(streams[place]); });
    whole(readmodel::Family::Submissions);
    const Stopwatch watch;
    ingest();
    const double ingested = watch.elapsed().wall;
    // Reading and shuffling stand between what is measured, so the threads' own times are added.
    const double sorted = static_cast<double>(sorting_ns_) / 1e9 / static_cast<double>(threads);
    auto all = told(sorted + ingested, rows_, "rows");
    all["rows"] = rows_.load();
    all["ingestion_seconds"] = ingested;
    return all;
  }

 private:
  [[nodiscard]] std::vector<std::string> streams_of() {
    std::vector<std::string> prefixes;
    const auto rows = from_.iterator(readmodel::Family::Records);
    for (rows->SeekToFirst(); rows->Valid();) {
      const auto& prefix = prefixes.emplace_back(rows->key().ToStringView().substr(0, 2));
      rows->Seek(prefix + "\xFF");
    }
    return prefixes;
  }

  void one(const std::string& prefix) {
    readmodel::TableWriter out(tables_, base::to_hex(prefix));
    for (std::size_t i = 0; i < readmodel::families; ++i) {
      const auto family = static_cast<readmodel::Family>(i);
      if (family != readmodel::Family::Submissions) sort_into(out, family, prefix);
    }
    finish(out, base::to_hex(prefix));
  }

  void whole(readmodel::Family family) {
    readmodel::TableWriter out(tables_, "all");
    sort_into(out, family, "");
    finish(out, "all");
  }

  void sort_into(readmodel::TableWriter& out, readmodel::Family family, const std::string& prefix) {
    std::vector<Row> rows;
    const auto found = from_.iterator(family);
    for (found->Seek(prefix); found->Valid() && found->key().starts_with(prefix); found->Next()) {
      rows.emplace_back(found->key().ToStringView(), found->value().ToStringView());
    }
    std::ranges::shuffle(rows, std::mt19937_64(1));
    const Stopwatch watch;
    std::ranges::sort(rows, {}, &Row::first);
    for (const auto& [key, value] : rows) out.put(family, key, value);
    count(watch, rows.size());
  }

  void finish(readmodel::TableWriter& out, const std::string& name) {
    const Stopwatch watch;
    const auto written = out.finish();
    count(watch, 0);
    const std::scoped_lock lock(mutex_);
    for (const auto family : written) files_.at(static_cast<std::size_t>(family)).push_back(readmodel::TableWriter::file(tables_, name, family));
  }

  void count(const Stopwatch& watch, std::size_t rows) {
    sorting_ns_ += static_cast<std::uint64_t>(watch.elapsed().wall * 1e9);
    rows_ += rows;
  }

  void ingest() {
    readmodel::Database into(into_, {});
    std::vector<rocksdb::IngestExternalFileArg> all;
    for (std::size_t i = 0; i < readmodel::families; ++i) {
      if (files_[i].empty()) continue;
      auto& arg = all.emplace_back();
      arg.column_family = into.of(static_cast<readmodel::Family>(i));
      arg.external_files = files_[i];
      arg.options.move_files = true;
      arg.options.write_global_seqno = false;
    }
    into.require(into.db().IngestExternalFiles(all));
  }

  readmodel::Database from_;
  const fs::path tables_;
  const fs::path into_;
  std::mutex mutex_;
  std::array<std::vector<std::string>, readmodel::families> files_;
  std::atomic<std::uint64_t> sorting_ns_ = 0;
  std::atomic<std::size_t> rows_ = 0;
};

// The journal that the golden test folds: small, and always there.
void fill(journal::Journal& journal) {
  std::ifstream file(TAMROI_SOURCE_DIR "/tests/golden/journal.bin", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  for (const auto& [stream, record] : golden::read_journal_file(bytes)) {
    journal::append_and_wait(journal, {stream, {}, {}, record});
  }
}

json::object run(const std::string& installed, const fs::path& folder, std::size_t threads) {
  const auto journal = journal::open_rocksdb_journal(installed.empty() ? (folder / "journal").string() : installed + "/journal");
  if (installed.empty()) fill(*journal);
  const auto generation = folder / "generation";
  readmodel::Build build(generation, folder / "building");
  const Stopwatch watch;
  const auto totals = projection::rebuild(*journal, build, {.threads = threads}, [](const std::string&) {});
  const auto rebuilt = watch.elapsed().wall;
  auto figures = told(rebuilt, totals.facts, "facts");
  figures["facts"] = totals.facts;
  figures["records"] = totals.records;
  figures["compared"] = totals.compared;
  const auto read = iterate_and_parse(*journal, threads);
  const auto sorted = Sorting(generation, folder).run(threads);
  return {{"benchmark", "rebuild"},
          {"machine", machine()},
          {"threads", threads},
          {"rebuild", figures},
          {"limit_iterate_and_strict_json", told(read, totals.facts, "facts")},
          {"limit_sort_and_ingest", sorted}};
}

}  // namespace
}  // namespace tamroi::bench

int main(int argc, char** argv) {
  std::string installed;
  std::string folder = std::filesystem::temp_directory_path();
  std::size_t threads = std::thread::hardware_concurrency();
  CLI::App app("Measures the rebuild of a read model, and the limits of reading and writing the same bytes; prints figures as JSON.");
  app.add_option("--data", installed, "a data directory that no server has open; without it a small journal is made")->check(CLI::ExistingDirectory);
  app.add_option("--folder", folder, "where the databases lie that are written")->check(CLI::ExistingDirectory);
  app.add_option("--threads", threads);
  CLI11_PARSE(app, argc, argv);
  const auto within = std::filesystem::path(folder) / fmt::format("tamroi-bench-{}", ::getpid());
  std::filesystem::create_directories(within);
  std::cout << tamroi::bench::run(installed, within, threads) << '\n';
  std::filesystem::remove_all(within);
  return 0;
}
