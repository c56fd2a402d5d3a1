#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tamroi::scenarios {

struct Actor {
  std::string account;
  std::string role;
  std::string unit;
  bool operator==(const Actor&) const = default;
};

// What a server would answer: the status and the JSON body, outcome or problem+json (contract.md).
struct Reply {
  int status = 0;
  std::string body;
};

// Which results are asked for; without as_of those of now, without a revision those in force.
struct Question {
  std::string unit;
  std::string round;
  std::optional<int> revision;
  std::optional<base::Instant> as_of;
};

// What a scenario happens in: the pure fold, or a running server. One world is one empty history.
//
// Invariants: times given never go back; a reply to submit() or control() is final, never "pending",
//             and every later read sees its effects.
// Errors:     throws std::runtime_error when it cannot answer at all.
class World {
 public:
  virtual ~World() = default;

  // Publishes the catalogue in that folder.
  virtual void publish(const std::filesystem::path& folder, base::Instant at) = 0;
  // The simulated time is now `to`: months that close by themselves up to then are closed on return.
  virtual void advance(base::Instant to) = 0;

  // As POST /submissions and POST /controls with Prefer: wait; what the door refuses has no "verdict".
  virtual Reply submit(const std::string& body, const Actor& actor, base::Instant at) = 0;
  virtual Reply control(const std::string& body, const Actor& actor, base::Instant at) = 0;

  virtual Reply results(const Question& question) = 0;
  virtual Reply indicator(const Question& question, int number) = 0;
  virtual Reply levels(const Question& question, int number) = 0;
  // All pages in one: {"changes": […]} and {"facts": […]}.
  virtual Reply history(const std::string& unit, const std::string& round, int number) = 0;
  virtual Reply facts(const std::string& unit, const std::string& round) = 0;

  // Whether the published catalogue types this field of this fact type as an integer, a set of integers,
  // an indicator or a boolean; false for what it does not know.
  virtual bool is_number(std::string_view type, std::string_view field) = 0;
};

}  // namespace tamroi::scenarios
