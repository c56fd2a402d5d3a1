#include "witness/witness.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "audit/known_log.h"
#include "support/chance.h"
#include "support/files.h"
#include "support/temporary_directory.h"

using namespace tamroi;
using namespace tamroi::witness;
namespace fs = std::filesystem;

namespace {

const audit::Signer& signer(std::uint8_t seed) {
  static std::map<std::uint8_t, audit::Signer> keys;
  const auto name = seed == 9 ? "witness.example.go.th/1" : "log.example.go.th/1";
  const auto type = seed == 9 ? audit::KeyType::Cosignature : audit::KeyType::Ed25519;
  return keys.try_emplace(seed, audit::Signer::of(name, type, audit::Signer::Seed{seed}).value()).first->second;
}
const audit::Signer& log_key() { return signer(1); }
const audit::Signer& own_key() { return signer(9); }

// A witness over a folder; as often as it is made, it goes on from there.
struct Watching {
  explicit Watching(const std::string& folder) : heads(folder), witness(own_key(), {log_key().verifier()}, heads, [this] { return now; }, log) {}
  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  base::Instant now{1'795'305'600'000'000};
  Heads heads;
  Witness witness;
};

std::string note_of(const audit::Checkpoint& checkpoint, const audit::Signer& key = log_key()) {
  const auto text = audit::to_text(checkpoint);
  return audit::to_string(audit::Note{text, {key.sign(text)}});
}

// What a log of numbered entries sends to go from one size to another.
struct Log {
  audit::TilesInMemory tiles = audit::numbered_log(600);
  [[nodiscard]] audit::Checkpoint at(audit::Size size) const {
    return {log_key().verifier().name(), size, size == 0 ? audit::empty_root() : audit::root_of(size, tiles.subtrees(size))};
  }
  [[nodiscard]] audit::AddCheckpoint request(audit::Size from, audit::Size to) const {
    audit::AddCheckpoint request{from, {}, note_of(at(to))};
    if (from <= to) request.proof = audit::prove_consistency(from, to, tiles.subtrees(to));
    return request;
  }
  [[nodiscard]] std::string body(audit::Size from, audit::Size to) const { return to_string(request(from, to)); }
};
const Log& numbered() {
  static const Log log;
  return log;
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// One change, anywhere: a bit, a cut, a line dropped, repeated, swapped, another number, another key, another tree.
std::string damaged(support::Chance& chance, const std::string& body) {
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(chance.below(static_cast<std::uint32_t>(bound))); };
  auto bytes = body;
  const auto at = below(bytes.size());
  std::vector<std::string> lines;
  std::istringstream text(body);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  const auto one = below(lines.size());
  const auto other = below(lines.size());
  const auto joined = [&] {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
  };
  switch (chance.below(8)) {
    case 0: bytes.resize(at); return bytes;
    case 1: bytes.insert(at, 1 + below(5), static_cast<char>(chance.below(256))); return bytes;
    case 2: bytes.erase(at, 1 + below(50)); return bytes;
    case 3: lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(one)); return joined();
    case 4: lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(other), std::string(lines[one])); return joined();
    case 5: std::swap(lines[one], lines[other]); return joined();
    default: bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance.below(8))); return bytes;
  }
}

}  // namespace

TEST_CASE("a witness cosigns what continues the last, and shows it") {
  const support::TemporaryDirectory folder;
  Watching watching(folder.path());
  auto& witness = watching.witness;
  const auto name = name_of(log_key().verifier().name());
  CHECK(witness.checkpoint(name).status == 404);
  audit::Size last = 0;
  for (const audit::Size size : {0U, 1U, 3U, 3U, 256U, 257U, 600U}) {
    const auto answer = witness.add(numbered().body(last, size));
    REQUIRE(answer.status == 200);
    const auto cosignatures = audit::parse_cosignatures(answer.body);
    REQUIRE(cosignatures);
    REQUIRE(cosignatures->size() == 1);
    CHECK(own_key().verifier().verifies(audit::to_text(numbered().at(size)), cosignatures->front()));
    CHECK(audit::cosigned_at(cosignatures->front()) == watching.now);
    const auto shown = witness.checkpoint(name);
    CHECK(shown.status == 200);
    const auto note = audit::parse_note(shown.body);
    REQUIRE(note);
    CHECK(audit::signed_by(*note, std::vector{log_key().verifier(), own_key().verifier()})->size() == 2);
    last = size;
  }
}

TEST_CASE("a witness remembers over a restart, and what it did not store itself it does not start from") {
  const support::TemporaryDirectory folder;
  {
    Watching watching(folder.path());
    REQUIRE(watching.witness.add(numbered().body(0, 300)).status == 200);
    CHECK_THROWS_AS(Heads(folder.path()), std::system_error);
  }
  const auto path = fs::path(folder.path()) / name_of(log_key().verifier().name());
  const auto stored = support::read_file(path);
  {
    Watching watching(folder.path());
    const auto stale = watching.witness.add(numbered().body(0, 400));
    CHECK(stale.status == 409);
    CHECK(stale.content_type == "text/x.tlog.size");
    CHECK(stale.body == "300\n");
    CHECK(watching.witness.add(numbered().body(300, 400)).status == 200);
  }
  for (std::size_t at = 0; at < stored.size(); at += 3) {
    auto spoilt = stored;
    spoilt[at] = static_cast<char>(spoilt[at] ^ 1);
    std::ofstream(path, std::ios::binary) << spoilt;
    CHECK_THROWS_AS(Watching(folder.path()), std::runtime_error);
  }
  std::ofstream(path, std::ios::binary) << note_of(numbered().at(300));
  CHECK_THROWS_AS(Watching(folder.path()), std::runtime_error);
}

TEST_CASE("a witness refuses each in its own way") {
  const support::TemporaryDirectory folder;
  Watching watching(folder.path());
  auto& witness = watching.witness;
  REQUIRE(witness.add(numbered().body(0, 300)).status == 200);
  CHECK(witness.add("").status == 400);
  CHECK(witness.add(numbered().body(400, 300)).status == 400);
  CHECK(witness.add(numbered().body(200, 400)).status == 409);
  auto request = numbered().request(300, 400);
  request.proof.pop_back();
  CHECK(witness.add(to_string(request)).status == 422);
  request = numbered().request(300, 400);
  request.checkpoint = note_of(numbered().at(400), signer(2));
  CHECK(witness.add(to_string(request)).status == 403);
  auto checkpoint = numbered().at(400);
  checkpoint.origin = "another.example.go.th/1";
  request.checkpoint = note_of(checkpoint);
  CHECK(witness.add(to_string(request)).status == 404);
  CHECK(witness.add(numbered().body(300, 400)).status == 200);
}

TEST_CASE("a fork is refused, and both checkpoints are kept") {
  const support::TemporaryDirectory folder;
  Watching watching(folder.path());
  REQUIRE(watching.witness.add(numbered().body(0, 300)).status == 200);
  auto forked = numbered().at(300);
  forked.root[5] ^= 1;
  const auto answer = watching.witness.add(to_string(audit::AddCheckpoint{300, {}, note_of(forked)}));
  CHECK(answer.status == 409);
  CHECK(answer.body == "300\n");
  std::vector<std::string> evidence;
  for (const auto& entry : fs::directory_iterator(fs::path(folder.path()) / "evidence")) evidence.push_back(support::read_file(entry.path()));
  REQUIRE(evidence.size() == 1);
  CHECK(evidence[0].ends_with(note_of(forked)));
  CHECK(evidence[0].starts_with(audit::to_text(numbered().at(300))));
  // So many at most.
  for (std::uint8_t i = 0; i < 250; ++i) {
    forked.root[6] = i;
    CHECK(watching.witness.add(to_string(audit::AddCheckpoint{300, {}, note_of(forked)})).status == 409);
  }
  CHECK(std::distance(fs::directory_iterator(fs::path(folder.path()) / "evidence"), fs::directory_iterator()) == Heads::evidence_max);
  CHECK(watching.witness.add(numbered().body(300, 301)).status == 200);
}

TEST_CASE("every damage to what a witness is sent is refused, and it goes on from where it was") {
  const auto seed = from_environment("TAMROI_DAMAGES_SEED", std::random_device{}());
  const auto damages = from_environment("TAMROI_DAMAGES", 2000);
  std::cout << fmt::format("TAMROI_DAMAGES_SEED={} TAMROI_DAMAGES={}", seed, damages) << std::endl;
  const support::TemporaryDirectory folder;
  Watching watching(folder.path());
  REQUIRE(watching.witness.add(numbered().body(0, 300)).status == 200);
  const auto name = name_of(log_key().verifier().name());
  const auto head = watching.witness.checkpoint(name).body;
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; refused < damages; ++i) {
    support::Chance chance(seed + i);
    const auto size = 300 + chance.below(300);
    const auto body = numbered().body(300, size);
    auto sent = damaged(chance, body);
    // Another tree, signed by the log itself.
    if (chance.one_in(5)) {
      auto checkpoint = numbered().at(size);
      checkpoint.root[chance.below(32)] ^= static_cast<std::uint8_t>(1U << chance.below(8));
      auto request = numbered().request(300, size);
      request.checkpoint = note_of(checkpoint);
      sent = to_string(request);
    }
    if (sent == body) continue;
    CAPTURE(seed + i, sent);
    const auto answer = watching.witness.add(sent);
    REQUIRE(answer.status >= 400);
    REQUIRE(watching.witness.checkpoint(name).body == head);
    ++refused;
  }
}
