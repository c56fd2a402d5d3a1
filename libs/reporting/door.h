#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/problem.h"
#include "base/uuid.h"
#include "catalogue/plan.h"
#include "event/record.h"

namespace tamroi::reporting {

// A numbered control after which a province's answers are told otherwise, wherever its copy stands.
struct Turn {
  std::uint64_t number = 0;
  std::string round = {};
  std::shared_ptr<const catalogue::Plan> plan = nullptr;  // a catalogue was published
  std::string unit = {};                                  // months were closed: where
  std::uint32_t closed_months = 0;                        // how many then were, from the first
  std::uint32_t fold_version = 0;                         // that version of the fold counts from there on
};

// What the door needs to know: the latest published catalogue of each round; and what came before it.
struct Published {
  std::map<std::string, std::shared_ptr<const catalogue::Plan>, std::less<>> plans;
  std::vector<Turn> turns;  // by number
  [[nodiscard]] const catalogue::Plan* plan(std::string_view round) const;
  // The tree that permissions are looked up in: the latest round's.
  [[nodiscard]] const catalogue::Units& units() const;
};

struct Refused {
  int status;  // of HTTP
  std::vector<base::Problem> problems;
};

// What the door lets in: to be journaled as it came.
struct Admitted {
  base::Uuid id;
  event::Stream stream;
  std::string unit;   // of a submission
  std::string round;
  std::string type;   // of a control
};

inline constexpr std::size_t body_bytes_max = 1024 * 1024;
inline constexpr std::size_t entries_max = 10'000;

// Is it a submission at all, and may they? Decides nothing that depends on history (facts.md, section 1).
[[nodiscard]] std::expected<Admitted, Refused> admit_submission(const Published& published, const event::Actor& actor,
                                                                std::string_view body);
[[nodiscard]] std::expected<Admitted, Refused> admit_control(const Published& published, const event::Actor& actor,
                                                             std::string_view body);

// Whether a journaled body is one that the door would have called well-formed; the sentence says why not. The
// document keeps pointers into `body`.
[[nodiscard]] std::expected<Admitted, std::string> read_submission(base::Json& document, std::string_view body);
[[nodiscard]] std::expected<Admitted, std::string> read_control(base::Json& document, std::string_view body);

}  // namespace tamroi::reporting
