#include "readmodel/build.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/check.h"
#include "readmodel/database.h"
#include "readmodel/durable_file.h"
#include "readmodel/keys.h"
#include "readmodel/steps.h"
#include "readmodel/stored_fact.h"
#include "readmodel/table_writer.h"
#include "readmodel/tree.h"

namespace tamroi::readmodel {
namespace {

namespace fs = std::filesystem;

class PartsInMap final : public reporting::Parts {
 public:
  void erase(std::string_view prefix) override {
    std::erase_if(parts, [&](const auto& part) { return part.first.starts_with(prefix); });
  }
  void put(std::string_view key, std::string_view bytes) override { parts.insert_or_assign(std::string(key), std::string(bytes)); }

  std::map<std::string, std::string> parts;
};

// The file that says that the tables of a stream are whole: where the ledger was read up to, and its families.
fs::path mark(const fs::path& tables, const std::string& name) { return tables / (name + ".finished"); }
// Its submissions, which lie by id among those of all streams: id 16, offset 8.
fs::path submissions_of(const fs::path& tables, const std::string& name) { return tables / (name + ".submissions"); }

struct Mark {
  event::Offset ledger_until = 0;
  std::vector<Family> written;
};

std::optional<Mark> read_mark(const fs::path& tables, const std::string& name) {
  const auto bytes = text_of(mark(tables, name));
  if (bytes.empty()) return std::nullopt;
  base::ByteReader in(bytes);
  Mark read{in.u64(), {}};
  while (!in.at_end()) read.written.push_back(static_cast<Family>(in.u8()));
  return read;
}

class Tables final : public StreamTables {
 public:
  Tables(fs::path folder, event::Stream stream, event::Offset ledger_until)
      : folder_(std::move(folder)), stream_(stream), name_(event::to_string(stream)), ledger_until_(ledger_until), rows_(folder_, name_) {}

  void add(const Step& step, bool published) override {
    CHECK(step.folded.leaf.offset == next_);
    put_step(rows_, stream_, step, published);
    ++next_;
  }

  void finish(std::span<const Published> entries, reporting::ProvinceFold* fold, const reporting::MemoryStore* store) override {
    put_state(entries, fold);
    for (event::Offset offset = 0; offset < entries.size(); ++offset) {
      rows_.put(Family::Ledger, keys::position({stream_, offset}), encode_published(entries[offset].index, entries[offset].outcome_sha256));
    }
    if (store != nullptr) {
      put_facts(*store);
      put_latest(*store);
      write_submissions(*store);
    }
    base::ByteWriter out;
    out.u64(ledger_until_);
    for (const auto family : rows_.finish()) out.u8(static_cast<std::uint8_t>(family));
    write_durably(mark(folder_, name_), out.bytes());
  }

 private:
  void put_state(std::span<const Published> entries, reporting::ProvinceFold* fold) {
    if (fold != nullptr) rows_.put(Family::State, keys::compared_next(stream_), encode_next(std::min<event::Offset>(entries.size(), next_)));
    if (next_ > 0) rows_.put(Family::State, keys::next(stream_), encode_next(next_));
    rows_.put(Family::State, keys::published_next(stream_), encode_next(entries.size()));
    if (fold == nullptr || next_ == 0) return;
    PartsInMap saved;
    fold->save(saved);
    for (const auto& [key, bytes] : saved.parts) rows_.put(Family::State, keys::part(stream_, key), bytes);
  }

  void put_facts(const reporting::MemoryStore& store) {
    base::ByteWriter row;
    for (const auto& round : store.rounds()) {
      const auto versions = store.by_id(round);
      auto key = keys::of_round(stream_, round);
      const auto before_id = key.bytes().size();
      for (auto first = versions.begin(); first != versions.end();) {
        const auto& id = (*first)->id;
        const auto last = std::find_if(first, versions.end(), [&](const auto* version) { return version->id != id; });
        auto nth = static_cast<std::uint32_t>(last - first - 1);
        encode(row.cut(0), *first[nth], nth);
        rows_.put(Family::Facts, key.cut(before_id).raw(id.raw()).bytes(), row.bytes());
        while (nth-- > 0) {
          encode(row.cut(0), *first[nth], nth);
          rows_.put(Family::EarlierFacts, keys::earlier_fact(stream_, round, id, nth), row.bytes());
        }
        first = last;
      }
    }
  }

  void put_latest(const reporting::MemoryStore& store) {
    store.for_each_latest([&](const scoring::LatestCell& cell, const scoring::Latest& fact) {
      rows_.put(Family::Latest, keys::latest(keys::latest_cell(stream_, cell), fact), base::ByteWriter().signed_number(fact.value).bytes());
    });
  }

  void write_submissions(const reporting::MemoryStore& store) {
    base::ByteWriter out;
    for (const auto& [id, offset] : store.firsts()) out.raw(id.raw()).u64(offset);
    write_durably(submissions_of(folder_, name_), out.bytes());
  }

  const fs::path folder_;
  const event::Stream stream_;
  const std::string name_;
  const event::Offset ledger_until_;
  TableWriter rows_;
  event::Offset next_ = 0;
};

constexpr const char* all_streams = "all";

// The submissions of all streams in one table, the ledger's own position and its tree.
std::vector<Family> write_shared(const fs::path& tables, std::span<const event::Stream> streams, std::span<const audit::Hash> leaves) {
  std::vector<std::pair<std::string, std::string>> submissions;
  for (const auto stream : streams) {
    const auto bytes = text_of(submissions_of(tables, event::to_string(stream)));
    for (base::ByteReader in(bytes); !in.at_end();) {
      base::Uuid id;
      std::ranges::copy(in.raw(id.bytes.size()), id.bytes.begin());
      submissions.emplace_back(keys::submission(id, stream), encode_next(in.u64()));
    }
  }
  std::ranges::sort(submissions);
  TableWriter rows(tables, all_streams);
  rows.put(Family::State, keys::next(event::ledger_stream), encode_next(leaves.size()));
  grow_tree(0, leaves, {}, [&](unsigned level, std::uint64_t index, std::string_view hashes) { rows.put(Family::Tree, keys::tile(level, index), hashes); });
  for (const auto& [key, offset] : submissions) rows.put(Family::Submissions, key, offset);
  return rows.finish();
}

}  // namespace

Build::Build(std::string directory, std::string tables, ReadModelOptions options)
    : directory_(std::move(directory)), tables_(std::move(tables)), options_(std::move(options)) {
  std::error_code error;
  // Tables of another layout are of no use either.
  if (!Database::fits(tables_)) fs::remove_all(tables_, error);
  if (!error) fs::remove_all(directory_, error);
  if (!error) fs::create_directories(tables_, error);
  if (error) throw ReadModelUnavailable(error, "preparing the directory " + tables_);
  write_durably(fs::path(tables_) / "LAYOUT", Database::layout_name());
}

std::optional<event::Offset> Build::finished(event::Stream stream) const {
  const auto name = event::to_string(stream);
  const auto read = read_mark(tables_, name);
  // An interruption while the tables were moved into the database leaves some behind.
  const auto is_there = [&](Family family) { return fs::exists(TableWriter::file(tables_, name, family)); };
  return read && std::ranges::all_of(read->written, is_there) ? std::optional(read->ledger_until) : std::nullopt;
}

std::unique_ptr<StreamTables> Build::stream(event::Stream stream, event::Offset ledger_until) {
  return std::make_unique<Tables>(tables_, stream, ledger_until);
}

void Build::finish(std::span<const event::Stream> streams, std::span<const audit::Hash> leaves) {
  std::array<std::vector<std::string>, families> files;
  const auto take = [&](const std::string& name, const std::vector<Family>& written) {
    for (const auto family : written) files.at(static_cast<std::size_t>(family)).push_back(TableWriter::file(tables_, name, family));
  };
  for (const auto stream : streams) {
    const auto read = read_mark(tables_, event::to_string(stream));
    CHECK(read.has_value());
    take(event::to_string(stream), read->written);
  }
  take(all_streams, write_shared(tables_, streams, leaves));
  {
    Database database(directory_, options_);
    std::vector<rocksdb::IngestExternalFileArg> args;
    for (std::size_t i = 0; i < families; ++i) {
      if (files[i].empty()) continue;
      auto& arg = args.emplace_back();
      arg.column_family = database.of(static_cast<Family>(i));
      arg.external_files = files[i];
      arg.options.move_files = true;
      arg.options.snapshot_consistency = false;
      arg.options.write_global_seqno = false;
    }
    database.require(database.db().IngestExternalFiles(args));
  }
  std::error_code ignored;
  fs::remove_all(tables_, ignored);
}

}  // namespace tamroi::readmodel
