#include "audit/note.h"

#include <numeric>
#include <random>

#include <catch2/catch_test_macros.hpp>

#include "audit/known_log.h"
#include "audit/tlog_proof.h"
#include "audit/witnessing.h"

using namespace tamroi::audit;

namespace {

Signer::Seed seed_from(std::uint8_t first) {
  Signer::Seed seed;
  std::iota(seed.begin(), seed.end(), first);
  return seed;
}
Signer log_key() { return Signer::of("kpi.example.go.th/log1", KeyType::Ed25519, seed_from(0)).value(); }
Signer witness_key() { return Signer::of("witness.example.go.th/w1", KeyType::Cosignature, seed_from(0x20)).value(); }
constexpr tamroi::base::Instant cosigning_time{1795305600'000000};

constexpr auto known_log_key = "kpi.example.go.th/log1+c29eeb69+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
constexpr auto known_witness_key = "witness.example.go.th/w1+dcd8af48+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";

constexpr std::string_view known_receipt =
    "c2sp.org/tlog-proof@v1\n"
    "index 1\n"
    "dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE=\n"
    "V8efTzGuApxdS9MLBzwnyU35NDiytGl+Hh7vW8A5SkE=\n"
    "\n"
    "kpi.example.go.th/log1\n"
    "3\n"
    "lPvQ3YNvUDAWkubQ6t5yjuGexSv/8WBu2AfIV11aqhk=\n"
    "\n"
    "\xE2\x80\x94 kpi.example.go.th/log1 wp7raVsEuQvZk+dkYFdRuexFa+13W/abdhDPPGkq/HWlWrVOsareqw+REP9jJyWIkp6NSO5feo06bZISLw5WHyrJzwA=\n"
    "\xE2\x80\x94 witness.example.go.th/w1 3NivSAAAAABrAjCA427a1TzemqnlUZF/P/9scUsac2mxP9KK6exmtEpUr5TM7gxD+pfJzMPAcJi+FWImVR/Jn47zCbqbz6Ow2NS5Cg==\n";

Policy known_policy() {
  return Policy::parse(fmt::format("# ours\nlog {}\nwitness w1 {}\nquorum w1\n", known_log_key, known_witness_key)).value();
}

Note signed_at(const TilesInMemory& log) {
  const auto text = to_text({"kpi.example.go.th/log1", log.size(), log.root()});
  return {text, {log_key().sign(text), witness_key().cosign(text, cosigning_time)}};
}

}  // namespace

TEST_CASE("keys are written as they are known") {
  CHECK(log_key().verifier().to_string() == known_log_key);
  CHECK(log_key().to_string() == "PRIVATE+KEY+kpi.example.go.th/log1+c29eeb69+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f");
  CHECK(witness_key().verifier().to_string() == known_witness_key);
  CHECK(Verifier::parse(known_witness_key)->to_string() == known_witness_key);
  CHECK(Signer::parse(log_key().to_string())->verifier().to_string() == known_log_key);
  CHECK(Verifier::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
  for (const auto* text : {"", "a", "a+b+c", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                           "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                           "example.com/fo +530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                           "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}) {
    CAPTURE(text);
    CHECK_FALSE(Verifier::parse(text));
  }
}

TEST_CASE("a receipt of the known log is the known one, byte for byte") {
  const auto log = numbered_log(3);
  const TlogProof proof{std::nullopt, 1, prove_inclusion(1, 3, log.subtrees(3)), to_string(signed_at(log))};
  CHECK(to_string(proof) == known_receipt);
  CHECK(parse_tlog_proof(known_receipt) == proof);
  const auto verified = verify(proof, "entry 1", known_policy());
  REQUIRE(verified);
  CHECK(verified->checkpoint.size == 3);
  CHECK_FALSE(verify(proof, "entry 2", known_policy()));
  CHECK(to_base64(numbered_log(1000).root()) == "NGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=");
}

TEST_CASE("no bit of a receipt can be another") {
  const auto policy = known_policy();
  for (std::size_t bit = 0; bit < known_receipt.size() * 8; ++bit) {
    std::string bytes(known_receipt);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    const auto proof = parse_tlog_proof(bytes);
    CAPTURE(bit);
    REQUIRE_FALSE((proof && verify(*proof, "entry 1", policy)));
  }
  for (std::size_t size = 0; size < known_receipt.size(); ++size) {
    const auto proof = parse_tlog_proof(known_receipt.substr(0, size));
    REQUIRE_FALSE((proof && verify(*proof, "entry 1", policy)));
  }
}

TEST_CASE("a signature of an unknown key is passed over, one that is not good is not") {
  auto note = signed_at(numbered_log(3));
  const auto stranger = Signer::of("somebody.example/else", KeyType::Ed25519, seed_from(0x40)).value();
  note.signatures.push_back(stranger.sign("something else"));
  const std::vector<Verifier> keys{log_key().verifier(), witness_key().verifier()};
  CHECK(signed_by(note, keys) == std::vector<std::size_t>{0, 1});
  CHECK(signed_by({note.text, {note.signatures[1]}}, keys) == std::vector<std::size_t>{1});
  note.signatures.push_back(log_key().sign("something else"));
  CHECK_FALSE(signed_by(note, keys));
}

TEST_CASE("a note is read as it was written, and only so") {
  const auto note = signed_at(numbered_log(3));
  const auto bytes = to_string(note);
  CHECK(parse_note(bytes) == note);
  for (const auto& wrong : {bytes.substr(0, bytes.size() - 1), bytes + "\n", bytes + "x\n", note.text, note.text + "\n", std::string("\n\n"),
                            "\r\n" + bytes, "\x01" + bytes, "\xFF" + bytes, bytes.substr(0, bytes.find("\n\n") + 2) + "- a wp7raVs=\n"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_note(wrong));
  }
}

TEST_CASE("a quorum is as many of a group as it needs") {
  const auto key = [](int n) { return Signer::of(fmt::format("w{}", n), KeyType::Cosignature, seed_from(static_cast<std::uint8_t>(n))).value().verifier().to_string(); };
  const auto policy = Policy::parse(fmt::format("log {}\nwitness a {}\nwitness b {} http://b\nwitness c {}\ngroup two 2 a b\ngroup all any two c\nquorum all\n",
                                                known_log_key, key(1), key(2), key(3)));
  REQUIRE(policy);
  CHECK(policy->is_quorum({"c"}));
  CHECK(policy->is_quorum({"a", "b"}));
  CHECK_FALSE(policy->is_quorum({"a"}));
  CHECK_FALSE(policy->is_quorum({}));
  const auto log = fmt::format("log {}\n", known_log_key);
  for (const auto& wrong : {std::string(), log, log + "quorum x\n", log + "group g 1 x\nquorum g\n", log + "quorum none\nquorum none\n",
                            fmt::format("{0}witness a {1}\nwitness b {1}\nquorum a\n", log, key(1)), log + "witness a b\nquorum none\n",
                            fmt::format("{}witness a {}\ngroup g 2 a\nquorum g\n", log, key(1)), fmt::format("{}witness a {}\ngroup g 2 a a\nquorum g\n", log, key(1))}) {
    CAPTURE(wrong);
    CHECK_FALSE(Policy::parse(wrong));
  }
}

TEST_CASE("a witness signs what goes on from what it saw, and objects to all else") {
  using enum NotWitnessed::Why;
  const auto log = numbered_log(300);
  const auto request = [&](Size old, Size size) {
    const Checkpoint checkpoint{"kpi.example.go.th/log1", size, root_of(size, log.subtrees(size))};
    return AddCheckpoint{old, prove_consistency(old, size, log.subtrees(size)), to_string(Note{to_text(checkpoint), {log_key().sign(to_text(checkpoint))}})};
  };
  const std::vector<Verifier> logs{log_key().verifier()};
  const Seen seen{257, root_of(257, log.subtrees(257))};
  const auto judged = [&](const AddCheckpoint& sent) -> std::optional<NotWitnessed::Why> {
    CHECK(parse_add_checkpoint(to_string(sent)) == sent);
    const auto opened = open_for_witness(sent, logs);
    if (!opened) return opened.error().why;
    const auto objected = objection(sent, opened->checkpoint, seen);
    return objected ? std::optional(objected->why) : std::nullopt;
  };
  CHECK_FALSE(judged(request(257, 300)));
  CHECK_FALSE(judged(request(257, 257)));
  CHECK(judged(request(256, 300)) == Stale);
  CHECK(judged(request(0, 300)) == Stale);
  auto wrong = request(257, 300);
  wrong.old_size = 301;
  CHECK(judged(wrong) == Malformed);
  wrong = request(257, 300);
  wrong.proof.front()[0] ^= 1;
  CHECK(judged(wrong) == BadProof);
  const auto other = to_text({"kpi.example.go.th/log1", 257, Hash{}});
  CHECK(judged({257, {}, to_string(Note{other, {log_key().sign(other)}})}) == Fork);
  CHECK(judged({257, {}, to_string(Note{other, {witness_key().cosign(other, cosigning_time)}})}) == BadSignature);
  const auto strange = to_text({"another.example/log", 257, Hash{}});
  CHECK(judged({257, {}, to_string(Note{strange, {log_key().sign(strange)}})}) == UnknownLog);
}
