// The same random histories with a journal in Kafka: every record is appended, read back and only then folded, bodies of
// repeats are read there, and what is read from the beginning in the end is folded to the same outcomes, byte for byte.
#include <catch2/catch_test_macros.hpp>

#include "contract/kafka_topics.h"
#include "simulation/history.h"
#include "simulation/mismatch.h"
#include "simulation/seeds.h"

using namespace tamroi;
using namespace tamroi::simulation;

namespace {

constexpr std::size_t usual = 30;
constexpr std::size_t histories_of_topics = 40;  // then others are made
constexpr std::size_t records_at_once = 7;       // read again in several goes

event::Stream stream_of(std::size_t number) { return {static_cast<std::uint16_t>(10 + number)}; }

void require_the_same_from_the_beginning(History& history, const Kept& kept) {
  const auto& outcomes = history.province().outcomes();
  const auto read = [&](event::Offset offset) { return kept.journal.read(kept.province, offset, records_at_once, SIZE_MAX / 2); };
  reporting::MemoryStore store([&](event::Offset offset) { return event::decode_record(read(offset).at(0).bytes).value().body; });
  reporting::ProvinceFold fold(history.model().province, history.world().plans, store);
  require(kept.journal.end(kept.province) == outcomes.size(), "the journal ends at {}, not {}", kept.journal.end(kept.province), outcomes.size());
  for (event::Offset next = 0; next < outcomes.size();) {
    for (const auto& entry : read(next)) {
      require(entry.offset == next, "offset {} is read instead of {}", entry.offset, next);
      const auto outcome = fold.step(event::decode_record(entry.bytes).value(), next);
      require(event::encode(outcome) == event::encode(outcomes.at(next)), "record {} has another outcome when it is read again", next);
      ++next;
    }
  }
}

void play(const World& world, std::uint64_t seed, Totals& totals, const Kept& kept) {
  History history(world, seed, totals, &kept);
  history.run(18 + history.chance().below(35));
  require_the_same_from_the_beginning(history, kept);
}

}  // namespace

TEST_CASE("histories whose records go through Kafka agree with a recomputation from all live facts") {
  contract::KafkaTopics topics;
  topics.options.provinces.clear();
  for (std::size_t number = 0; number < 2 * histories_of_topics; ++number) topics.options.provinces.push_back(stream_of(number));
  const auto prefix = topics.options.prefix;
  const Seeds seeds(usual);
  Totals totals;
  std::unique_ptr<journal::Journal> journal;
  for (std::size_t i = 0; i < seeds.histories; ++i) {
    const auto place = i % histories_of_topics;
    if (place == 0) {
      journal.reset();
      topics.options.prefix = fmt::format("{}-{}", prefix, i);
      journal = topics.open();
    }
    const Kept kept{*journal, stream_of(2 * place), stream_of(2 * place + 1)};
    try {
      play(i % 3 == 0 ? invented_world() : world_of_the_letter(), seeds.first + i, totals, kept);
    } catch (const std::exception& mismatch) {
      FAIL(seeds.replay(i) << mismatch.what());
    }
  }
  std::cout << fmt::format("{} records, {} changes\n", totals.records, totals.changes);
  CHECK(totals.records > seeds.histories * 10);
  CHECK(totals.changes > 0);
}
