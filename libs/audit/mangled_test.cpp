// Whatever bytes come, a reader takes them or says why not; and what it takes is written again as it came.
#include <array>
#include <cstdlib>
#include <iostream>
#include <random>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "audit/known_log.h"
#include "audit/manifest.h"
#include "audit/receipt.h"
#include "audit/witnessing.h"

using namespace tamroi;
using namespace tamroi::audit;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

const Signer& log_key() {
  static const auto key = Signer::of("log.example.go.th/1", KeyType::Ed25519, Signer::Seed{7}).value();
  return key;
}
const Signer& witness_key() {
  static const auto key = Signer::of("witness.example.go.th/1", KeyType::Cosignature, Signer::Seed{8}).value();
  return key;
}

// One well-formed text of each kind.
std::vector<std::string> samples() {
  const auto log = numbered_log(300);
  const auto text = to_text({log_key().verifier().name(), 300, log.root()});
  const auto note = to_string(Note{text, {log_key().sign(text), witness_key().cosign(text, {1'000'000})}});
  const Manifest manifest{"24", {log_key().verifier().name(), 300, log.root()}, {{{0}, 3}, {{24}, 5}}, {{"a", 1, {}}, {"b/c", 2, base::sha256("x")}}};
  const auto vkey = log_key().verifier().to_string();
  return {text, note, to_string(TlogProof{"extra", 5, prove_inclusion(5, 300, log.subtrees(300)), note}),
          to_string(AddCheckpoint{200, prove_consistency(200, 300, log.subtrees(300)), note}), to_string(manifest), vkey, log_key().to_string(),
          to_string(witness_key().cosign(text, {1'000'000})) + "\n",
          fmt::format("log {} http://x\nwitness w {}\ngroup g 1 w\nquorum g\n", vkey, witness_key().verifier().to_string()), "tile/0/x001/234.p/17"};
}

std::string mangled(std::mt19937_64& chance, const std::vector<std::string>& all) {
  auto bytes = all[chance() % all.size()];
  for (auto times = 1 + chance() % 4; times > 0; --times) {
    const auto at = chance() % (bytes.size() + 1);
    const auto& other = all[chance() % all.size()];
    switch (chance() % 6) {
      case 0: bytes.resize(at); break;
      case 1: bytes.insert(at, 1, static_cast<char>(chance())); break;
      case 2: bytes.insert(at, other.substr(chance() % other.size(), chance() % 100)); break;
      case 3: bytes.erase(at, chance() % 20); break;
      case 4: bytes.insert(at, std::array{"\n", "\n\n", " ", "+", "\xE2\x80\x94 ", "00", "=", "\r"}[chance() % 8]); break;
      default:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance() % 8));
    }
  }
  return bytes;
}

// How many of the readers took it.
int read_by_all(const std::string& bytes) {
  int taken = 0;
  const auto same = [&](const auto& found, const auto& write) {
    if (!found) return;
    ++taken;
    REQUIRE(write(*found) == bytes);
  };
  same(parse_note(bytes), [](const Note& note) { return to_string(note); });
  same(parse_tlog_proof(bytes), [](const TlogProof& proof) { return to_string(proof); });
  same(parse_add_checkpoint(bytes), [](const AddCheckpoint& request) { return to_string(request); });
  same(parse_manifest(bytes), [](const Manifest& manifest) { return to_string(manifest); });
  same(parse_receipt(bytes), [](const Receipt& receipt) { return to_string(receipt); });
  same(Verifier::parse(bytes), [](const Verifier& key) { return key.to_string(); });
  same(Signer::parse(bytes), [](const Signer& key) { return key.to_string(); });
  same(parse_tile_path(bytes), [](const TilePath& path) { return path.entries ? bundle_path(path.tile.index, path.tile.width) : path_of(path.tile); });
  same(parse_cosignatures(bytes), [](const std::vector<Signature>& signatures) {
    std::string all;
    for (const auto& signature : signatures) all += to_string(signature) + "\n";
    return all;
  });
  if (const auto checkpoint = parse_checkpoint(bytes)) {
    ++taken;
    REQUIRE(bytes.starts_with(to_text(*checkpoint)));
  }
  taken += Policy::parse(bytes).has_value() ? 1 : 0;
  return taken;
}

}  // namespace

TEST_CASE("mangled texts are taken as they are written, or not at all") {
  const auto seed = from_environment("TAMROI_DAMAGES_SEED", std::random_device{}());
  std::cout << fmt::format("TAMROI_DAMAGES_SEED={}", seed) << std::endl;
  std::mt19937_64 chance(seed);
  const auto all = samples();
  for (const auto& sample : all) {
    CAPTURE(sample);
    REQUIRE(read_by_all(sample) > 0);
  }
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto bytes = mangled(chance, all);
    CAPTURE(bytes);
    taken += read_by_all(bytes) > 0 ? 1 : 0;
  }
  CHECK(taken > 0);
}
