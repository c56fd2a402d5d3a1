#include "audit/pack_check.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "audit/known_log.h"
#include "audit/pack_in_memory.h"

using namespace tamroi;
using namespace tamroi::audit;

namespace {

const Signer& log_key() {
  static const auto key = Signer::of("log.example.go.th/1", KeyType::Ed25519, Signer::Seed{7}).value();
  return key;
}
Policy policy() { return Policy::parse(fmt::format("log {}\nquorum none\n", log_key().verifier().to_string())).value(); }

std::string signed_checkpoint(const Frontier& tree) {
  const auto text = to_text({log_key().verifier().name(), tree.size(), tree.root()});
  return to_string(Note{text, {log_key().sign(text)}});
}

std::string leaf_of(event::Stream stream, event::Offset offset, const std::string& record, const std::string& outcome) {
  event::Leaf leaf{1, stream, offset, {}, {}, static_cast<std::uint32_t>(record.size()), base::sha256(record), static_cast<std::uint32_t>(outcome.size()),
                   base::sha256(outcome), 1};
  return event::encode(leaf);
}

struct Made {
  PackFilesInMemory files;
  Frontier tree;
};
// Controls and three provinces in turn; 24 is the pack's. Each tenth entry is one that was published already.
Made made(std::uint64_t entries) {
  Made made;
  PackWriter writer("24", {{24}}, [&](const std::string& path, std::string_view bytes) { made.files[path] += bytes; });
  std::map<event::Stream, event::Offset> next;
  for (std::uint64_t i = 0; i < entries; ++i) {
    const event::Stream stream = i % 4 == 0 ? event::control_stream : event::Stream{static_cast<std::uint16_t>(23 + i % 3)};
    const bool again = i % 10 == 9 && next[stream] > 0;
    const auto offset = again ? next[stream] - 1 : next[stream]++;
    const auto record = fmt::format("record {}:{}", stream.code, offset);
    const auto outcome = fmt::format("outcome {}:{}", stream.code, offset);
    const auto wanted = writer.leaf(leaf_of(stream, offset, record, outcome)).value();
    REQUIRE(wanted.has_value() == (!again && (stream.code == 24 || stream.code == 0)));
    if (!wanted) continue;
    REQUIRE(writer.record(stream, record));
    REQUIRE(writer.outcome(stream, outcome));
  }
  writer.file(std::string(results_path), "{}\n");
  writer.file(catalogue_path("2565-2", "round.yaml"), "round: 2565-2\n");
  REQUIRE(writer.finish(signed_checkpoint(writer.tree())));
  made.tree = writer.tree();
  return made;
}

std::string refusal(const PackFilesInMemory& files, const std::vector<Checkpoint>& since = {}) {
  const auto proven = prove_pack(folder_of(files), policy(), since);
  return proven ? "" : proven.error().where + ": " + proven.error().what;
}

}  // namespace

TEST_CASE("a pack is proved at every size around a tile's") {
  for (const std::uint64_t entries : {1U, 2U, 3U, 255U, 256U, 257U, 700U}) {
    const auto pack = made(entries);
    const auto proven = prove_pack(folder_of(pack.files), policy());
    REQUIRE(proven);
    CHECK(proven->manifest.checkpoint.size == entries);
    CHECK(proven->streams.at({24}).records.size() == proven->streams.at({24}).leaves.size());
    CHECK(pack.files.contains("log/tile/1/000.p/1") == (entries >= 256 && entries < 512));
  }
}

TEST_CASE("what is wrong in a pack is named by its place") {
  const auto pack = made(300);
  auto files = pack.files;
  files["records/24"][9] ^= 1;
  CHECK(refusal(files) == "records/24: the file's SHA-256 is not the one in the manifest");
  mend_manifest(files);
  CHECK(refusal(files) == "24:0: the record's hash is not its leaf's (entry 1 of the log)");
  files = pack.files;
  files["outcomes/24"][9] ^= 1;
  mend_manifest(files);
  CHECK(refusal(files) == "24:0: the outcome's hash is not its leaf's (entry 1 of the log)");
  files = pack.files;
  files.erase("log/tile/0/001.p/44");
  mend_manifest(files);
  CHECK(refusal(files) == "log/tile/0/001.p/44: the file is missing");
  files = pack.files;
  files["log/tile/entries/000"][5] ^= 1;
  mend_manifest(files);
  CHECK_FALSE(refusal(files).empty());
  files = pack.files;
  files["more"] = "";
  CHECK(refusal(files) == "more: the file is not in the manifest");
  mend_manifest(files);
  CHECK(refusal(files) == "more: no such file belongs to a pack");
}

TEST_CASE("a record that is taken out of the end of a stream is missed") {
  auto files = made(300).files;
  auto& records = files["records/24"];
  records.resize(records.size() - 4 - std::string("record 24:00").size());
  mend_manifest(files);
  CHECK(refusal(files).ends_with("the record is missing; the log has one (entry 298)"));
}

TEST_CASE("a log that was rolled back or forked since an earlier checkpoint is refused") {
  const auto pack = made(300);
  const auto shorter = made(200);
  const auto origin = log_key().verifier().name();
  CHECK(refusal(pack.files, {{origin, 200, shorter.tree.root()}, {origin, 0, empty_root()}, {origin, 300, pack.tree.root()}}).empty());
  CHECK(refusal(shorter.files, {{origin, 300, pack.tree.root()}}) ==
        "log/checkpoint: the log was rolled back: it has 200 entries, an earlier checkpoint 300");
  CHECK(refusal(pack.files, {{origin, 200, Hash{}}}) ==
        "ledger:200: the log is another than it was: it does not continue the earlier checkpoint of this size");
  CHECK_FALSE(refusal(pack.files, {{"another", 200, shorter.tree.root()}}).empty());
}

TEST_CASE("a manifest is taken only as it is written") {
  auto files = made(3).files;
  const auto bytes = files.at(std::string(manifest_path));
  REQUIRE(parse_manifest(bytes));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto spoilt = bytes;
    spoilt[bit / 8] = static_cast<char>(spoilt[bit / 8] ^ (1 << bit % 8));
    files[std::string(manifest_path)] = spoilt;
    CAPTURE(bit);
    REQUIRE_FALSE(refusal(files).empty());
  }
}

TEST_CASE("a writer refuses what does not belong together") {
  PackWriter writer("24", {{24}}, [](const std::string&, std::string_view) {});
  CHECK_FALSE(writer.leaf("no leaf"));
  REQUIRE(writer.leaf(leaf_of({24}, 0, "a", "b")).value() == event::Position{{24}, 0});
  CHECK_FALSE(writer.record({24}, "c"));
  CHECK_FALSE(writer.outcome({24}, "c"));
  CHECK_FALSE(writer.record({24}, "a"));
  CHECK_FALSE(writer.finish(signed_checkpoint(writer.tree())));
  PackWriter other("24", {{24}}, [](const std::string&, std::string_view) {});
  REQUIRE(other.leaf(leaf_of({24}, 0, "a", "b")).value());
  REQUIRE(other.record({24}, "a"));
  CHECK(other.finish(signed_checkpoint(other.tree())).error() == "of stream 24 there are 1 leaves, but 1 records and 0 outcomes");
  REQUIRE(other.outcome({24}, "b"));
  CHECK_FALSE(other.finish(signed_checkpoint(Frontier{})));
  CHECK(other.finish(signed_checkpoint(other.tree())));
}
