// What an auditor's check of a province costs on one core: hashes and signatures, and computing everything once more; and
// beside them SHA-256 of the same bytes, which is the least that it can cost.

#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "audit/known_log.h"
#include "audit/made_pack.h"
#include "base/check.h"
#include "bench/conditions.h"

namespace {

using namespace tamroi;
namespace json = boost::json;

template <class Run>
std::vector<bench::Seconds> timed(int runs, Run run) {
  std::vector<bench::Seconds> seconds;
  for (int i = 0; i < runs; ++i) {
    const bench::Stopwatch watch;
    run();
    seconds.push_back(watch.elapsed());
  }
  return seconds;
}

// Inclusion proofs at random places of a log out of tiles in memory.
json::object proofs(int runs, audit::Size size) {
  const audit::SyntheticLog log(size);
  constexpr std::size_t each = 1000;
  std::uint64_t place = 1;
  return bench::rates(timed(runs, [&] {
    for (std::size_t i = 0; i < each; ++i) {
      place = place * 6364136223846793005ULL + 1442695040888963407ULL;
      CHECK(!audit::prove_inclusion((place >> 16U) % size, size, log.subtrees(size)).empty());
    }
  }), each, 0);
}

}  // namespace

int main(int count, char** arguments) {
  support::ProvinceSize size;
  int runs = 5;
  audit::Size log_size = 10'000'000;
  CLI::App app{"Proving and replaying an audit pack of a believable province, in memory."};
  app.add_option("--households", size.households);
  app.add_option("--runs", runs);
  app.add_option("--log-size", log_size, "entries of the log that inclusion is proved in");
  CLI11_PARSE(app, count, arguments);

  const auto files = audit_tests::pack_of(audit_tests::believable_ledger(1, size));
  const auto folder = audit::folder_of(files);
  const auto policy = audit_tests::log_policy();
  const auto proven = audit::prove_pack(folder, policy);
  const auto replayed = verify::replay(*proven);
  const auto hashing = timed(runs, [&] {
    for (const auto& [stream, found] : proven->streams) {
      for (const auto& record : found.records) static_cast<void>(base::sha256(record));
      for (const auto& outcome : found.outcomes) static_cast<void>(base::sha256(outcome));
    }
  });
  const auto proving = timed(runs, [&] { CHECK(audit::prove_pack(folder, policy).has_value()); });
  const auto replaying = timed(runs, [&] { CHECK(verify::replay(*proven).has_value()); });
  std::cout << json::serialize(json::object{
                   {"machine", bench::machine()},
                   {"entries", proven->manifest.checkpoint.size},
                   {"facts", replayed->facts},
                   {"bytes", proven->bytes},
                   {"prove", bench::rates(proving, proven->manifest.checkpoint.size, proven->bytes)},
                   {"sha256_of_the_same", bench::rates(hashing, proven->manifest.checkpoint.size, proven->bytes)},
                   {"replay", bench::rates(replaying, replayed->facts, proven->bytes)},
                   {"inclusion_proofs", proofs(runs, log_size)}})
            << '\n';
  return 0;
}
