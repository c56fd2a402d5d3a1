// The pure fold on one core: record bytes in memory to outcome bytes and an overlay in memory; the door before it; and
// beside them what reading the same JSON costs at least.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include <simdjson.h>
#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "base/json.h"
#include "base/sha256.h"
#include "bench/conditions.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"
#include "support/believable.h"
#include "support/files.h"

namespace tamroi::bench {
namespace {

namespace json = boost::json;

struct Load {
  support::BelievableProvince province;
  std::vector<std::string> records;  // encoded, as the journal holds them
};

// Everything that the fold concluded, and how long its parts took.
struct Folded {
  Seconds seconds;
  std::chrono::nanoseconds decode{};
  std::chrono::nanoseconds step{};
  std::chrono::nanoseconds encode{};
  std::string outcomes;
};

Folded fold(const Load& load, const std::string& code, const std::shared_ptr<reporting::Plans>& plans) {
  using Clock = std::chrono::steady_clock;
  reporting::MemoryStore store(
      [&](event::Offset offset) { return event::decode_record(load.records.at(offset))->body; });
  reporting::ProvinceFold fold(code, plans, store);
  Folded folded;
  folded.outcomes.reserve(load.records.size() * 4096);
  const Stopwatch watch;
  for (event::Offset offset = 0; offset < load.records.size(); ++offset) {
    const auto start = Clock::now();
    const auto record = event::decode_record(load.records[offset]);
    const auto decoded = Clock::now();
    const auto outcome = fold.step(*record, offset);
    const auto stepped = Clock::now();
    folded.outcomes += event::encode(outcome);
    folded.decode += decoded - start;
    folded.step += stepped - decoded;
    folded.encode += Clock::now() - stepped;
  }
  folded.seconds = watch.elapsed();
  return folded;
}

// Only what any reader of these records does: decode them and read their JSON strictly.
Seconds read_strictly(const Load& load) {
  base::Json document;
  std::size_t values = 0;
  const Stopwatch watch;
  for (const auto& bytes : load.records) {
    const auto record = event::decode_record(bytes);
    values += document.parse(record->body)->size();
  }
  const auto seconds = watch.elapsed();
  if (values == 0) throw std::runtime_error("nothing was read");
  return seconds;
}

// What the gateway does with a body before it is journaled.
Seconds admit(const Load& load, const std::string& code) {
  reporting::Published published;
  published.plans["2565-2"] = catalogue::compile(support::read_bundle_2565_2()).plan;
  const event::Actor actor{"p-1", "province_officer", code};
  std::size_t admitted = 0;
  const Stopwatch watch;
  for (const auto& record : load.province.stream) {
    if (record.kind == event::Kind::Submission)
      admitted += reporting::admit_submission(published, actor, record.body).has_value();
  }
  const auto seconds = watch.elapsed();
  if (admitted != load.province.accepted + load.province.rejected + load.province.repeated)
    throw std::runtime_error("something was refused");
  return seconds;
}

std::size_t visit(simdjson::ondemand::value value) {
  std::size_t sum = 1;
  switch (value.type()) {
    case simdjson::ondemand::json_type::object:
      for (auto field : value.get_object()) sum += field.key().raw() != nullptr, sum += visit(field.value());
      return sum;
    case simdjson::ondemand::json_type::array:
      for (auto element : value.get_array()) sum += visit(element.value());
      return sum;
    case simdjson::ondemand::json_type::string: return sum + value.get_string().value().size();
    default: return sum + value.raw_json_token().size();
  }
}

// The fastest reader that Debian packages, touching every value; it finds no doubled keys.
Seconds read_on_demand(const Load& load) {
  std::vector<simdjson::padded_string> bodies;
  for (const auto& record : load.province.stream) bodies.emplace_back(record.body);
  simdjson::ondemand::parser parser;
  std::size_t sum = 0;
  const Stopwatch watch;
  for (const auto& body : bodies) {
    auto document = parser.iterate(body);
    sum += visit(document.get_value());
  }
  const auto seconds = watch.elapsed();
  if (sum == 0) throw std::runtime_error("nothing was read");
  return seconds;
}

// Of the run that was disturbed least.
json::object stages(const Folded& folded, std::size_t facts) {
  const auto a_fact = [&](std::chrono::nanoseconds time) { return time.count() / static_cast<std::int64_t>(facts); };
  return {{"decode_record", a_fact(folded.decode)},
          {"step", a_fact(folded.step)},
          {"encode_outcome", a_fact(folded.encode)}};
}

json::object run(const std::string& code, const support::ProvinceSize& size, std::uint64_t seed, std::size_t runs) {
  Load load{support::believable_province(support::read_bundle_2565_2(), code, size, seed), {}};
  for (const auto& record : load.province.stream) load.records.push_back(event::encode(record));
  const auto plans = std::make_shared<reporting::Plans>();
  const auto facts = load.province.entries;
  const auto bytes = load.province.body_bytes;
  std::vector<Seconds> folds;
  std::vector<Seconds> door;
  std::vector<Seconds> strict;
  std::vector<Seconds> on_demand;
  json::object parts;
  std::string digest;
  (void)plans->compile(support::read_bundle_2565_2());
  for (std::size_t i = 0; i < runs; ++i) {
    const auto folded = fold(load, code, plans);
    folds.push_back(folded.seconds);
    if (folded.seconds.wall <= std::ranges::min(folds, {}, &Seconds::wall).wall) parts = stages(folded, facts);
    digest = base::to_hex(base::sha256(folded.outcomes));
    door.push_back(admit(load, code));
    strict.push_back(read_strictly(load));
    on_demand.push_back(read_on_demand(load));
  }
  return {{"benchmark", "fold"},
          {"machine", machine()},
          {"load",
           {{"province", code},
            {"seed", seed},
            {"households", size.households},
            {"submissions", load.records.size() - load.province.controls.size()},
            {"facts", facts},
            {"facts_a_submission", size.facts_a_submission},
            {"bytes_a_fact", bytes / facts}}},
          {"fold", rates(folds, facts, bytes)},
          {"fold_parts_nanoseconds_a_fact", std::move(parts)},
          {"door", rates(door, facts, bytes)},
          {"limit_decode_and_strict_json", rates(strict, facts, bytes)},
          {"limit_simdjson_on_demand", rates(on_demand, facts, bytes)},
          {"outcomes_sha256", digest}};
}

}  // namespace
}  // namespace tamroi::bench

int main(int argc, char** argv) {
  std::string province = "24";
  tamroi::support::ProvinceSize size;
  std::uint64_t seed = 1;
  std::size_t runs = 7;
  CLI::App app("Measures the pure fold of one believable province and prints figures as JSON.");
  app.add_option("--province", province, "its code");
  app.add_option("--households", size.households);
  app.add_option("--facts-a-submission", size.facts_a_submission);
  app.add_option("--seed", seed);
  app.add_option("--runs", runs);
  CLI11_PARSE(app, argc, argv);
  std::cout << tamroi::bench::run(province, size, seed, runs) << '\n';
  return 0;
}
