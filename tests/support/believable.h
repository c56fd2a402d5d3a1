#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/bundle.h"
#include "event/record.h"

// Believable loads for benchmarks and tests: what one province of the national round sends in a half-year, made
// from a seed alone.
namespace tamroi::support {

// The defaults are a 77th of the national round: about 390,000 facts, of which 312,000 are visits.
struct ProvinceSize {
  std::uint32_t households = 13'000;
  std::uint32_t visits_a_month = 4;  // of each household
  std::uint32_t plots = 260;
  std::uint32_t groups = 120;
  std::uint32_t facts_a_submission = 75;
};

struct BelievableProvince {
  std::vector<event::Record> controls;  // as the control stream holds them, all of them accepted
  std::vector<event::Record> stream;    // of the province: their copies, and the submissions, in order
  std::size_t entries = 0;              // of all submissions
  std::size_t body_bytes = 0;           // of all submissions
  // What must become of the submissions.
  std::size_t accepted = 0;
  std::size_t rejected = 0;
  std::size_t repeated = 0;
};

// `bundle` is the catalogue of round 2565-2, `code` a province of its tree. Registrations come first, then what is
// reported of them: visits, help, plans and outcomes of households, plots and groups; publicity, supervision and
// evidence of each district; some late facts, corrections, withdrawals, repeats and mistakes. Months close as they
// end, revision 2 comes into force on its day.
[[nodiscard]] BelievableProvince believable_province(const catalogue::Bundle& bundle, std::string_view code,
                                                     const ProvinceSize& size, std::uint64_t seed);

// The bodies of its submissions, a line each.
[[nodiscard]] std::string ndjson(const BelievableProvince& province);

}  // namespace tamroi::support
