#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sample/diary.h"
#include "sample/line.h"

namespace tamroi::sample {

// Sends what is in a unit's diary: at each sitting as many submissions as it takes, some with a mistake first, some
// twice.
class Sender {
 public:
  Sender(const Description& description, const Place& place, const std::vector<base::Instant>& closings,
         std::uint64_t seed);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  // When the next submission is sent; nothing once all were.
  [[nodiscard]] std::optional<base::Instant> next_at() const;
  // The next submission.
  [[nodiscard]] Line next();

 private:
  struct Submission {
    base::Instant at = {};
    std::size_t first = 0;  // of entries_
    std::size_t end = 0;
    bool mistaken = false;
    bool again = false;  // as it was sent before
  };

  void sit_down();
  void plan(std::size_t first, std::size_t end, base::Instant& at);
  [[nodiscard]] Scene scene() const;
  [[nodiscard]] std::string body(const Submission& submission);
  void write_expected(const Submission& submission, const Mistake* mistake, Chance& chance, std::string& out) const;
  void write_reason(const Submission& submission, Chance& chance, std::string& out) const;
  void write_mistake(const Mistake& mistake, base::Instant at, Chance& chance, std::string& out) const;
  [[nodiscard]] const Mistake& some_mistake(Chance& chance) const;
  [[nodiscard]] bool happens(const Quantity& share, Chance& chance) const;

  const Description& description_;
  const Place& place_;
  std::uint64_t seed_;
  Sittings sittings_;
  Diary diary_;
  std::string as_;
  std::size_t sitting_ = 0;  // that comes next
  std::vector<Entry> entries_;
  std::vector<Submission> submissions_;
  std::size_t next_ = 0;        // of submissions_
  std::uint64_t sent_ = 0;      // so far
  std::uint64_t accepted_ = 0;  // so far
  std::string last_body_;
};

}  // namespace tamroi::sample
