#pragma once

#include <functional>

#include <boost/json.hpp>

#include "answer/published_round.h"
#include "event/outcome.h"
#include "event/record.h"
#include "scoring/lacking.h"

// The contract's JSON shapes (contract.md).
namespace tamroi::answer {

namespace json = boost::json;

[[nodiscard]] json::object position(const event::Position& position);
[[nodiscard]] json::object actor(const event::Actor& actor);
[[nodiscard]] json::array problems(const std::vector<base::Problem>& problems);
// A measure's figure as in a result.
[[nodiscard]] json::object figure(const event::Figure& figure);

// What caused changes: the record that the outcome is of. `reason` and `letter` as sent.
struct Cause {
  event::Position position;
  base::Uuid id;
  bool control = false;
  event::Actor actor;
  std::string reason;  // JSON text, empty where there is none
  std::string letter;  // JSON text, empty where there is none
  base::Instant recorded_at;
};
// The cause that a record is; of a control copy, the control's id and actor.
[[nodiscard]] Cause cause(const event::Record& record, const event::Outcome& outcome);
[[nodiscard]] json::object change(const event::Change& change, const Cause& cause);

// GET /submissions/{id}; the outcome of the first record of that id, which is the cause of its changes.
[[nodiscard]] json::object submission(const Cause& cause, const event::Outcome& outcome);

// What became of that very record.
[[nodiscard]] json::object outcome(const Cause& cause, const event::Outcome& outcome);

// How results are asked for: under the revision in force (0), or restated under another.
struct View {
  std::uint32_t revision = 0;
  // Tells who keeps a unit's measure from 100 %, by name; empty where names are not wanted.
  std::function<scoring::Lacking(std::size_t unit, catalogue::Index measure)> lacking = {};
};
// What was published, or what the same facts give under another revision.
[[nodiscard]] event::Standing standing_of(const PublishedRound& round, std::size_t unit, catalogue::Index indicator, const View& view);
// One result of a unit of that province.
[[nodiscard]] json::object result(const PublishedRound& round, std::size_t unit, catalogue::Index indicator, const View& view);
// The types of the facts that each measure of an indicator counts, and of those that register what it is a share of:
// {"visits": ["family", "visit"], …}.
[[nodiscard]] json::object fact_types(const catalogue::Plan& plan, catalogue::Index indicator);
// GET results of a district or province, without as_of, which is the caller's to add.
[[nodiscard]] json::object results(const PublishedRound& round, std::size_t unit, const View& view);
// Hundredths as a decimal without superfluous zeros: "10", "7.5".
[[nodiscard]] std::string weight(std::int64_t hundredths);
// Ten-thousandths, two decimals rounded half up: "6.00".
[[nodiscard]] std::string score(std::int64_t ten_thousandths);

}  // namespace tamroi::answer
