// write_log FOLDER SIZE: a log of numbered entries as a server or an export lays it out, with keys and proofs, for verifiers
// that are not ours. Keys are for tests alone.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>

#include <fmt/format.h>

#include "audit/known_log.h"
#include "audit/tile_builder.h"
#include "audit/tlog_proof.h"
#include "audit/witnessing.h"

using namespace tamroi;
using namespace tamroi::audit;

namespace {

Signer key(std::string name, KeyType type, std::uint8_t first) {
  Signer::Seed seed;
  std::iota(seed.begin(), seed.end(), first);
  return Signer::of(std::move(name), type, seed).value();
}

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const std::filesystem::path folder = arguments[1];
  const Size size = std::stoull(arguments[2]);
  TileBuilder tiles([&](const std::string& path, std::string_view bytes) { write(folder / path, bytes); });
  for (Size i = 0; i < size; ++i) tiles.append(fmt::format("entry {}", i));
  tiles.finish();
  const auto log = key("kpi.example.go.th/log1", KeyType::Ed25519, 0);
  const auto witness = key("witness.example.go.th/w1", KeyType::Cosignature, 0x20);
  const auto text = to_text({log.verifier().name(), size, tiles.tree().root()});
  const auto note = to_string(Note{text, {log.sign(text), witness.cosign(text, {1795305600'000000})}});
  write(folder / "checkpoint", note);
  write(folder / "vkey", log.verifier().to_string() + "\n");
  write(folder / "wvkey", witness.verifier().to_string() + "\n");
  const auto in_memory = numbered_log(size);
  for (Size i = 0, step = 1; i < size; i += step, step = step * 2 + 1) {
    write(folder / "proofs" / fmt::format("{}.tlog-proof", i), to_string(TlogProof{std::nullopt, i, prove_inclusion(i, size, in_memory.subtrees(size)), note}));
    const auto request = to_string(AddCheckpoint{i + 1, prove_consistency(i + 1, size, in_memory.subtrees(size)), ""});
    write(folder / "proofs" / fmt::format("{}.consistency", i + 1), request.substr(0, request.size() - 1));
  }
  return 0;
}
