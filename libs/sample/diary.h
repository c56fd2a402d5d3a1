#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sample/render.h"
#include "sample/sittings.h"

namespace tamroi::sample {

// What is sent of a fact, and in which order within a sitting.
enum class Note : std::uint8_t { Registration, Fact, LateFact, Change };
inline constexpr std::size_t notes = 4;

// One entry of a submission to come.
struct Entry {
  Note note = Note::Fact;
  enum class Does : std::uint8_t { Record, Correct, Withdraw } does = Does::Record;
  bool needs_reason = false;
  std::uint16_t rule = 0;
  std::uint16_t period = 0;   // of the rule's, from 0
  std::uint16_t ordinal = 0;  // within the member's period
  std::uint32_t member = 0;   // of the rule's, from 0
  base::Date occurred_on{};
};

// What one unit notes down during the round.
//
// Nothing is kept between two questions: whether, when and how a fact is recorded follows from its key, so that the
// whole country needs no more memory than the sitting that is being asked about.
class Diary {
 public:
  // `closings` are when the months close, in their order.
  Diary(const Description& description, const Place& place, const Sittings& sittings,
        const std::vector<base::Instant>& closings, std::uint64_t seed);

  // Everything that is sent at that sitting, in the order of Note.
  [[nodiscard]] std::vector<Entry> entries(std::size_t sitting) const;
  // Appends the entry as JSON.
  void write(const Entry& entry, std::string& out) const;

 private:
  // A rule as it holds for this unit.
  struct Own {
    std::uint64_t members = 0;
    std::size_t periods = 0;
    Range days, share, times, otherwise, late, late_days, corrected, corrected_days, withdrawn, withdrawn_days;
    std::uint64_t step = 1;  // of the order that chance has chosen among the pairs of member and period
    std::uint64_t shift = 0;
  };
  struct Member {
    Index kind = none;
    std::uint64_t index = 0;  // within its kind
  };
  class Collecting;

  [[nodiscard]] Own own(const Rule& rule, std::size_t index) const;
  [[nodiscard]] Member member(const Rule& rule, std::uint64_t flat) const;
  // The same member as that rule numbers it; nothing where the rule is not about it.
  [[nodiscard]] std::optional<std::uint64_t> flat(const Rule& rule, const Member& member) const;
  [[nodiscard]] std::uint64_t rank(const Own& own, std::uint64_t pair) const;
  [[nodiscard]] std::uint64_t key(std::size_t rule, std::uint64_t member, std::size_t period, std::size_t ordinal) const;
  // When the first fact of a rule without periods occurs.
  [[nodiscard]] base::Date date(std::size_t rule, std::uint64_t member, std::size_t ordinal = 0) const;
  // The sitting at which what occurred on that day and is noted on the other is sent; size() where it never is.
  [[nodiscard]] std::size_t sent_at(base::Date occurred, std::int32_t noted) const;
  // The same of a fact that may be noted late.
  [[nodiscard]] std::size_t first_sent_at(const Own& own, base::Date occurred, Chance& chance) const;
  // What is drawn about the sending of a fact.
  [[nodiscard]] static Chance sending(std::uint64_t key) { return Chance(key_of({key, 1})); }
  [[nodiscard]] std::size_t registered_at(const Member& member) const;
  [[nodiscard]] bool is_closed(base::Date date, base::Instant at) const;
  void write_values(const Entry& entry, std::uint64_t fact, std::string& out) const;

  const Description& description_;
  const Place& place_;
  const Sittings& sittings_;
  const std::vector<base::Instant>& closings_;
  std::uint64_t seed_;
  std::vector<Own> own_;                 // by rule
  std::vector<std::size_t> registering_; // rule, by kind
  base::Date first_monday_{};
};

// A version 7 UUID of that day, as text.
void write_uuid(std::uint64_t key, base::Instant at, std::string& out);

}  // namespace tamroi::sample
