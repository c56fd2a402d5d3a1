#include "projection/province_stream.h"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <random>

#include "base/sha256.h"
#include "projection/small_province.h"

namespace tamroi::projection {
namespace {

void check_outcomes(readmodel::ReadModel& model, const SmallProvince& province) {
  for (const auto& outcome : province.outcomes) {
    const auto folded = model.folded(outcome.position);
    REQUIRE(folded.has_value());
    REQUIRE(folded->outcome == event::encode(outcome));
    REQUIRE(folded->leaf.record_sha256 == base::sha256(event::encode(province.records[outcome.position.offset])));
    REQUIRE(folded->actor == province.records[outcome.position.offset].actor);
  }
}

void check_facts(readmodel::ReadModel& model, const SmallProvince& province) {
  std::multimap<base::Uuid, reporting::FactVersion> by_id;  // in the order of writing
  for (const auto& version : province.store.versions("2565-2")) by_id.emplace(version.id, version);
  std::vector<reporting::FactVersion> expected;
  for (const auto& [id, version] : by_id) expected.push_back(version);
  std::vector<std::string> seen;
  const auto told = [](const reporting::FactVersion& v) {
    return v.id.to_string() + std::string(v.values) + std::to_string(v.written) + (v.live ? "" : " withdrawn") + (v.late ? " late" : "");
  };
  model.each_fact(province.stream, "2565-2", {}, [&](std::span<const reporting::FactVersion> versions) {
    for (std::size_t i = versions.size(); i-- > 0;) seen.push_back(told(versions[i]));
    return true;
  });
  REQUIRE(seen.size() == expected.size());
  for (std::size_t i = 0; i < seen.size(); ++i) REQUIRE(seen[i] == told(expected[i]));
}

TEST_CASE("a batch has no more records than it may, nor more bytes unless a record has, and outcomes are the same") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  const SmallProvince province(seed);
  REQUIRE(province.records.size() > 14);
  for (const BatchLimits batch : {BatchLimits{.records_max = 7}, BatchLimits{.bytes_max = 1}}) {
    const support::TemporaryDirectory directory;
    Followed followed(*province.journal, directory.path(), province.plans, batch);
    followed.stream.advance();
    CHECK(followed.stream.view()->next == (batch.bytes_max == 1 ? 1 : 7));
    followed.catch_up();
    CHECK(followed.stream.view()->next == province.records.size());
    check_outcomes(*followed.model, province);
  }
}

TEST_CASE("a stream that is stopped and continued anywhere has the outcomes, facts and results of the pure fold") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 chance(seed);
  const SmallProvince province(seed);
  const support::TemporaryDirectory directory;
  // The journal grows between the stops.
  const auto growing = journal::make_memory_journal();
  event::Offset given = 0;
  while (given < province.records.size()) {
    for (std::size_t left = 1 + chance() % 40; left > 0 && given < province.records.size(); --left, ++given) {
      const auto& record = province.records[given];
      journal::append_and_wait(*growing, {province.stream, record.id, record.received_at, event::encode(record)});
    }
    Followed followed(*growing, directory.path(), province.plans);
    followed.catch_up();
    REQUIRE_FALSE(followed.stream.stopped());
    REQUIRE(followed.stream.view()->next == given);
  }
  Followed followed(*growing, directory.path(), province.plans);
  followed.catch_up();
  check_outcomes(*followed.model, province);
  check_facts(*followed.model, province);
  const auto& round = *followed.stream.view()->rounds.at("2565-2");
  const auto expected = answer::published(*province.fold.round("2565-2"));
  REQUIRE(round.units.size() == expected.units.size());
  for (std::size_t u = 0; u < round.units.size(); ++u) {
    CHECK(round.units[u].version == expected.units[u].version);
    for (std::size_t i = 0; i < round.units[u].indicators.size(); ++i) {
      CHECK(round.units[u].indicators[i].snapshot == expected.units[u].indicators[i].snapshot);
      CHECK(round.units[u].indicators[i].last_change == expected.units[u].indicators[i].last_change);
    }
  }
}

TEST_CASE("the history holds every change, newest first") {
  const SmallProvince province(7);
  const support::TemporaryDirectory directory;
  Followed followed(*province.journal, directory.path(), province.plans);
  followed.catch_up();
  std::vector<event::Change> expected;
  std::vector<event::Offset> offsets;
  for (std::size_t i = province.outcomes.size(); i-- > 0;) {
    for (const auto& change : province.outcomes[i].changes) {
      if (change.unit != "2401" || change.indicator != 6) continue;
      expected.push_back(change);
      offsets.push_back(i);
    }
  }
  REQUIRE(expected.size() > 10);
  std::vector<readmodel::HistoryEntry> seen;
  for (event::Offset before = UINT64_MAX;;) {
    const auto page = followed.model->changes(province.stream, "2565-2", "2401", 6, before, 7);
    if (page.empty()) break;
    seen.insert(seen.end(), page.begin(), page.end());
    before = page.back().offset;
  }
  REQUIRE(seen.size() == expected.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].offset == offsets[i]);
    CHECK(seen[i].change == expected[i]);
  }
}

TEST_CASE("a record that cannot be folded stops the stream there, until a quarantine names it") {
  const SmallProvince province(3);
  const support::TemporaryDirectory directory;
  const auto journal = journal::make_memory_journal();
  const std::string poison = "\xFFnot a record";
  const std::size_t before = province.records.size() / 2;
  for (std::size_t i = 0; i <= before; ++i) {
    const auto& record = province.records[i];
    if (i == before) journal::append_and_wait(*journal, {province.stream, {}, record.received_at, poison});
    journal::append_and_wait(*journal, {province.stream, record.id, record.received_at, event::encode(record)});
  }
  {
    Followed followed(*journal, directory.path(), province.plans);
    followed.catch_up();
    REQUIRE(followed.stream.stopped().has_value());
    CHECK(followed.stream.stopped()->at == before);
    CHECK(followed.stream.stopped()->record_sha256 == base::to_hex(base::sha256(poison)));
    CHECK(followed.stream.view()->next == before);  // what came before it stands
    CHECK(followed.log_text.str().contains("stream stopped"));
    followed.quarantined = std::string(64, '0');  // of other bytes
    followed.stream.resume();
    followed.catch_up();
    CHECK(followed.stream.stopped().has_value());
  }
  Followed followed(*journal, directory.path(), province.plans);
  followed.quarantined = base::to_hex(base::sha256(poison));
  followed.catch_up();
  REQUIRE_FALSE(followed.stream.stopped());
  CHECK(followed.stream.view()->next == before + 2);
  const auto leaf = followed.model->folded({province.stream, before})->leaf;
  CHECK(leaf.kind == 0);
  CHECK(leaf.id == base::Uuid{});
  CHECK(leaf.recorded_at == province.outcomes[before - 1].recorded_at);
  CHECK(event::decode_outcome(followed.model->folded({province.stream, before})->outcome)->verdict == event::Verdict::Quarantined);
}

TEST_CASE("an outcome that is not the published one stops the stream and names the record") {
  const SmallProvince province(4);
  const support::TemporaryDirectory directory;
  Followed followed(*province.journal, directory.path(), province.plans);
  followed.catch_up();
  std::vector<readmodel::ReadModel::Seen> seen;
  for (event::Offset offset = 0; offset < 5; ++offset) {
    auto leaf = followed.model->folded({province.stream, offset})->leaf;
    if (offset == 3) leaf.outcome_sha256[0] ^= 1;
    seen.push_back({offset, leaf});
  }
  followed.model->commit_ledger(seen, 5, std::vector<audit::Hash>(5));
  followed.stream.published_to(3);
  followed.catch_up();
  CHECK_FALSE(followed.stream.stopped());
  CHECK(followed.model->folded({province.stream, 2})->outcome.empty());  // the ledger has it
  CHECK_FALSE(followed.model->folded({province.stream, 3})->outcome.empty());
  followed.stream.published_to(5);
  followed.catch_up();
  REQUIRE(followed.stream.stopped().has_value());
  CHECK(followed.stream.stopped()->at == 3);
}

}  // namespace
}  // namespace tamroi::projection
