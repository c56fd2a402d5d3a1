#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "projection/province_stream.h"
#include "reporting/memory_store.h"
#include "support/believable.h"
#include "support/files.h"
#include "support/temporary_directory.h"

namespace tamroi::projection {

// A believable province in a memory journal, and what the pure fold makes of it.
struct SmallProvince {
  explicit SmallProvince(std::uint64_t seed) {
    const support::ProvinceSize size{.households = 60, .visits_a_month = 3, .plots = 15, .groups = 6, .facts_a_submission = 9};
    const auto made = support::believable_province(support::read_bundle_2565_2(), "24", size, seed);
    for (const auto& record : made.stream) {
      records.push_back(record);
      journal::append_and_wait(*journal, {stream, record.id, record.received_at, event::encode(record)});
    }
    for (event::Offset offset = 0; offset < records.size(); ++offset) outcomes.push_back(fold.step(records[offset], offset));
  }

  const event::Stream stream{24};
  std::unique_ptr<journal::Journal> journal = journal::make_memory_journal();
  std::shared_ptr<reporting::Plans> plans = std::make_shared<reporting::Plans>();
  std::vector<event::Record> records;
  reporting::MemoryStore store{[this](event::Offset offset) { return records.at(offset).body; }};
  reporting::ProvinceFold fold{"24", plans, store};
  std::vector<event::Outcome> outcomes;
};

// A stream over a journal and a read model on disk, as a server has it.
struct Followed {
  Followed(journal::Journal& journal, const std::string& directory, std::shared_ptr<reporting::Plans> plans, BatchLimits batch = {})
      : model(readmodel::open_read_model(directory)),
        stream("24", {journal, *model, std::move(plans), log, [this](event::Position) { return quarantined; },
                      [this](const ProvinceStream&) { ++advanced; }, std::make_shared<Tally>(), batch}) {}

  void catch_up() {
    while (stream.advance()) {
    }
  }

  std::ostringstream log_text;
  telemetry::Log log{{.out = &log_text}};
  std::unique_ptr<readmodel::ReadModel> model;
  std::optional<std::string> quarantined;
  int advanced = 0;
  ProvinceStream stream;
};

}  // namespace tamroi::projection
