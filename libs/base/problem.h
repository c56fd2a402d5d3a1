#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::base {

// Why something was refused; the words are the public contract's (facts.md section 1, contract.md).
enum class Code : std::uint8_t {
  Malformed, TooLarge, UnknownUnit, NotPermitted, PersonalData,
  MissingField, UnknownField, BadValue,
  UnknownRound, RoundNotOpen, VersionConflict, ReasonRequired, IdReused,
  UnknownType, WrongLevel, OutsideRound, InTheFuture,
  DuplicateFact, UnknownFact, WithdrawnFact, UnknownEntity, EntityExists, EntityInUse, OutOfOrder,
  Unauthorized, NotFound, MethodNotAllowed, ExpectationFailed, TooManyRequests, Unavailable, NotFollowed,
};

// The contract's word, e.g. "unknown_fact".
[[nodiscard]] std::string_view to_string(Code code);
// All of them, in the order of the enumerators.
[[nodiscard]] std::span<const std::string_view> code_words();

struct Problem {
  Code code;
  std::string where;  // a JSON pointer, "" for the whole
  std::string why;    // a sentence
  bool operator==(const Problem&) const = default;
};

// All problems of one request at once; never empty.
struct Rejection {
  std::vector<Problem> problems;
};

}  // namespace tamroi::base
