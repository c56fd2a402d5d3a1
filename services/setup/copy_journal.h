#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "journal/journal.h"
#include "setup/configuration.h"

namespace tamroi::setup {

struct Copied {
  std::size_t streams = 0;
  std::uint64_t records = 0;  // all of them
  std::uint64_t found = 0;    // of them, that an earlier copy had brought
};

// Brings the records of every stream to the same offsets of another journal, with their times, and compares all of them
// afterwards. What is there already must be the beginning of what is copied. `told` gets a line a stream.
// Throws std::runtime_error with the first difference, or JournalUnavailable; then it is to be called again.
[[nodiscard]] Copied copy_records(journal::Journal& from, journal::Journal& to, const std::function<void(const std::string& line)>& told);

// From the journal of one configuration to that of another: from the data directory to Kafka, or back, as an archive. The
// target must be empty, or hold what an interrupted copy brought; it serves nobody before all was compared. In Kafka the
// topics are made, and hold stamps against the brokers' clocks only from the end on. Nothing may be appended meanwhile.
[[nodiscard]] Copied copy_journal(const Configuration& from, const Configuration& to, const std::function<void(const std::string& line)>& told);

}  // namespace tamroi::setup
