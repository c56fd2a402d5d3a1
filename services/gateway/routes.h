#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "event/record.h"

namespace tamroi::gateway {

// Who may use a route at all; what depends on a unit is asked of reporting::Permissions besides.
enum class Who : std::uint8_t { Anybody, AnyAccount, Submitters, Controllers, ReadersOfResults, ReadersOfFacts, ReadersOfControls, ReadersOfAccounts, Auditors, Restaters };
[[nodiscard]] bool permits(Who who, const event::Actor& actor);

struct Route {
  std::string_view method;
  std::string_view pattern;
  Who who;
  std::string_view parameters = {};  // that the query may have, parted by spaces
  std::string_view to_come = {};     // parameters of the contract that nothing serves yet: a value cannot be given
  std::string_view act = {};         // what the access log calls it; empty: it leaves no trace there
  bool operator==(const Route&) const = default;
};

// What the server answers to. The description for clients is schemas/api/openapi.yaml; a test compares the two.
namespace routes {

inline constexpr Route liveness{"GET", "/healthz", Who::Anybody};
inline constexpr Route readiness{"GET", "/readyz", Who::Anybody};
inline constexpr Route metrics{"GET", "/metrics", Who::Anybody};
inline constexpr Route submit{"POST", "/v1/submissions", Who::Submitters, "preview"};
inline constexpr Route submission{"GET", "/v1/submissions/{id}", Who::ReadersOfFacts, "after position unit", "", "submission"};
inline constexpr Route submissions{"GET", "/v1/units/{unit}/submissions", Who::ReadersOfFacts, "after cursor limit verdict"};
inline constexpr Route send_control{"POST", "/v1/controls", Who::Controllers};
inline constexpr Route control{"GET", "/v1/controls/{id}", Who::ReadersOfControls, "after"};
inline constexpr Route accounts{"GET", "/v1/accounts", Who::ReadersOfAccounts, "after cursor limit"};
inline constexpr Route units{"GET", "/v1/units", Who::AnyAccount, "after"};
inline constexpr Route unit{"GET", "/v1/units/{unit}", Who::AnyAccount, "after"};
inline constexpr Route results{"GET", "/v1/rounds/{round}/units/{unit}/results", Who::ReadersOfResults, "after as_of fold revision"};
inline constexpr Route indicator{"GET", "/v1/rounds/{round}/units/{unit}/indicators/{indicator}", Who::ReadersOfResults, "after as_of fold revision"};
inline constexpr Route history{"GET", "/v1/rounds/{round}/units/{unit}/indicators/{indicator}/history", Who::ReadersOfResults,
                               "after cursor limit"};
inline constexpr Route facts{"GET", "/v1/rounds/{round}/units/{unit}/facts", Who::ReadersOfFacts,
                             "after as_of cursor entity fold limit live revision type", "", "facts"};
inline constexpr Route levels{"GET", "/v1/rounds/{round}/units/{unit}/levels", Who::ReadersOfResults, "after as_of fold indicator revision"};
inline constexpr Route feed{"GET", "/v1/feed", Who::ReadersOfResults, "after indicator round unit"};

inline constexpr Route what_if{"POST", "/v1/rounds/{round}/whatif", Who::Restaters, "revision unit"};
inline constexpr Route streams{"GET", "/v1/streams", Who::Auditors, "after"};
inline constexpr Route records{"GET", "/v1/streams/{stream}/records", Who::Auditors, "after from limit outcome", "", "records"};

inline constexpr Route receipt{"GET", "/v1/submissions/{id}/receipt", Who::ReadersOfFacts, "after unit", "", "receipt"};
inline constexpr Route log_checkpoint{"GET", "/v1/log/checkpoint", Who::Anybody};
inline constexpr Route log_tile{"GET", "/v1/log/tile/{tile...}", Who::Anybody};
inline constexpr Route access{"GET", "/v1/access", Who::Auditors, "after from limit", "", "access"};

inline constexpr std::array all{liveness, readiness, metrics, submit,    submission, send_control, control, accounts,
                                units,  unit,      results, indicator, history,    facts,        levels,  feed,
                                streams, records, submissions, what_if, receipt, log_checkpoint, log_tile, access};

}  // namespace routes

// Whether the list, of words parted by spaces, has the word.
[[nodiscard]] bool lists(std::string_view list, std::string_view word);

// The table and the codes of problems as JSON, to be compared with what is written of them.
[[nodiscard]] std::string routes_told();

}  // namespace tamroi::gateway
