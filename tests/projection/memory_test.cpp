#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "memory/budget.h"
#include "projection/small_province.h"

namespace tamroi::projection {
namespace {

constexpr memory::BudgetLimits small{.bytes = std::size_t{8} << 20, .buffer_bytes = std::size_t{4} << 20};

constexpr std::uint64_t many_blocks = std::uint64_t{128} << 10;

// A journal and a read model on one budget, as a server has them.
struct Stores {
  explicit Stores(const std::string& folder) : directory(folder) {}
  [[nodiscard]] auto open_journal() const {
    return journal::open_rocksdb_journal(directory + "/journal", {.cache = budget.cache(), .buffers = budget.buffers()});
  }
  [[nodiscard]] auto open_model() const {
    return readmodel::open_read_model(directory + "/readmodel", {.cache = budget.cache(), .buffers = budget.buffers()});
  }

  std::string directory;
  memory::Budget budget{small};
};

void fill(journal::Journal& journal, const SmallProvince& province) {
  for (const auto& record : province.records) {
    journal::append_and_wait(journal, {province.stream, record.id, record.received_at, event::encode(record)});
  }
}

std::uint64_t follow(journal::Journal& journal, readmodel::ReadModel& model, const SmallProvince& province, const memory::Budget& budget) {
  std::ostringstream text;
  telemetry::Log log{{.out = &text}};
  ProvinceStream stream("24", {journal, model, province.plans, log, [](event::Position) { return std::nullopt; },
                               [](const ProvinceStream&) {}, std::make_shared<Tally>(), {.records_max = 4}});
  std::uint64_t most = 0;
  while (stream.advance()) most = std::max(most, budget.use().buffer_bytes);
  REQUIRE(stream.view()->next == province.records.size());
  return most;
}

TEST_CASE("a journal and a read model share one budget of memory") {
  const support::TemporaryDirectory directory;
  const SmallProvince province(1);
  const Stores stores(directory.path());
  CHECK(stores.budget.use().buffer_bytes == 0);
  {
    const auto journal = stores.open_journal();
    fill(*journal, province);
    const auto of_journal = stores.budget.use().buffer_bytes;
    CHECK(of_journal > 0);
    const auto model = stores.open_model();
    const auto most = follow(*journal, *model, province, stores.budget);
    CHECK(most > of_journal);
    // What is being written to tables still counts.
    CHECK(most < 3 * small.buffer_bytes);
  }
  CHECK(stores.budget.use().buffer_bytes == 0);

  const auto before = stores.budget.use().block_bytes;
  const auto journal = stores.open_journal();
  for (event::Offset offset = 0; offset < province.records.size(); ++offset) REQUIRE(journal->read(province.stream, offset, 1, 0).size() == 1);
  const auto with_journal = stores.budget.use().block_bytes;
  CHECK(with_journal > before + many_blocks);
  const auto model = stores.open_model();
  std::size_t facts = 0;
  model->each_fact(province.stream, "2565-2", {}, [&](const auto&) { return ++facts > 0; });
  CHECK(facts > 0);
  const auto use = stores.budget.use();
  CHECK(use.block_bytes > with_journal + many_blocks);
  CHECK(use.block_bytes + use.buffer_bytes <= small.bytes);
}

}  // namespace
}  // namespace tamroi::projection
