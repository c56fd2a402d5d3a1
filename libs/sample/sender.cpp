#include "sample/sender.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace tamroi::sample {
namespace {

enum Purpose : std::uint64_t { Planning = 0x91A, Writing };

}  // namespace

Sender::Sender(const Description& description, const Place& place, const std::vector<base::Instant>& closings,
               std::uint64_t seed)
    : description_(description), place_(place), seed_(seed), sittings_(description, place, seed),
      diary_(description, place_, sittings_, closings, seed) {
  Chance unused(0);
  write(place.way->as, scene(), unused, as_);
  sit_down();
}

std::optional<base::Instant> Sender::next_at() const {
  if (next_ == submissions_.size()) return std::nullopt;
  return submissions_[next_].at;
}

Scene Sender::scene() const {
  return {.description = &description_, .unit = place_.unit, .province = place_.province, .settings = &place_.settings};
}

bool Sender::happens(const Quantity& share, Chance& chance) const {
  return static_cast<std::int64_t>(chance.below(whole)) < range_of(share, scene()).low;
}

// Plans the submissions of the next sitting that there is something to send at.
void Sender::sit_down() {
  submissions_.clear();
  next_ = 0;
  while (submissions_.empty() && sitting_ < sittings_.size()) {
    entries_ = diary_.entries(sitting_);
    auto at = sittings_.at(sitting_);
    // What needs a reason is not mixed with what needs none, nor registrations with what relies on them.
    for (auto begin = entries_.begin(); begin != entries_.end();) {
      const auto end = std::ranges::find_if(begin, entries_.end(), [&](const Entry& each) { return each.note != begin->note; });
      plan(static_cast<std::size_t>(begin - entries_.begin()), static_cast<std::size_t>(end - entries_.begin()), at);
      begin = end;
    }
    ++sitting_;
  }
  if (submissions_.empty()) entries_ = {};
}

void Sender::plan(std::size_t first, std::size_t end, base::Instant& at) {
  const auto& sending = description_.sending;
  const auto size = range_of(sending.entries, scene());
  Chance chance(key_of({seed_, place_.key, Planning, sitting_, first}));
  while (first < end) {
    const auto until = std::min(end, first + static_cast<std::size_t>(chance.between(size.low, size.high)));
    if (!description_.mistakes.empty() && happens(sending.mistaken, chance)) {
      submissions_.push_back({.at = at, .first = first, .end = until, .mistaken = true});
      at.micros += std::int64_t{sending.minutes} * 60'000'000;
    }
    submissions_.push_back({.at = at, .first = first, .end = until});
    if (happens(sending.repeated, chance)) submissions_.push_back({.at = at, .again = true});
    first = until;
  }
}

Line Sender::next() {
  const auto submission = submissions_.at(next_++);
  if (!submission.again) last_body_ = body(submission);
  Line line{.at = submission.at, .as = as_, .rejected = submission.mistaken, .body = last_body_};
  ++sent_;
  if (!submission.again && !submission.mistaken) ++accepted_;
  if (next_ == submissions_.size()) sit_down();
  return line;
}

std::string Sender::body(const Submission& submission) {
  Chance chance(key_of({seed_, place_.key, Writing, sent_}));
  std::string out = R"({"id":")";
  write_uuid(chance.next(), submission.at, out);
  fmt::format_to(std::back_inserter(out), R"(","unit":"{}","round":"{}",)", place_.unit, description_.round);
  const auto* mistake = submission.mistaken ? &some_mistake(chance) : nullptr;
  write_expected(submission, mistake, chance, out);
  write_reason(submission, chance, out);
  out += R"("entries":[)";
  for (auto i = submission.first; i < submission.end; ++i) {
    if (i > submission.first) out += ',';
    diary_.write(entries_[i], out);
  }
  if (mistake != nullptr && !mistake->type.empty()) write_mistake(*mistake, submission.at, chance, out);
  out += "]}";
  return out;
}

void Sender::write_expected(const Submission&, const Mistake* mistake, Chance& chance, std::string& out) const {
  const auto wrong = mistake == nullptr ? 0 : static_cast<std::uint64_t>(mistake->versions);
  if (wrong == 0 && !happens(description_.sending.expects, chance)) return;
  fmt::format_to(std::back_inserter(out), R"("expects":{},)", accepted_ + wrong);
}

void Sender::write_reason(const Submission& submission, Chance& chance, std::string& out) const {
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(submission.first);
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(submission.end);
  if (std::none_of(begin, end, [](const Entry& entry) { return entry.needs_reason; })) return;
  const auto& sending = description_.sending;
  out += R"("reason":)";
  (void)write(begin->note == Note::Change ? sending.change_reason : sending.late_reason, scene(), chance, out);
  out += ',';
  if (!sending.letter) return;
  const auto before = out.size();
  out += R"("letter":)";
  if (write(*sending.letter, scene(), chance, out)) {
    out += ',';
  } else {
    out.resize(before);
  }
}

void Sender::write_mistake(const Mistake& mistake, base::Instant at, Chance& chance, std::string& out) const {
  auto today = base::bangkok_date(at);
  today.days += mistake.days_ahead;
  out += R"(,{"op":"record","fact":")";
  write_uuid(chance.next(), at, out);
  fmt::format_to(std::back_inserter(out), R"(","type":"{}","occurred_on":"{}","values":)", mistake.type, base::to_string(today));
  (void)write(mistake.values, scene(), chance, out);
  out += '}';
}

const Mistake& Sender::some_mistake(Chance& chance) const {
  std::uint64_t sum = 0;
  for (const auto& mistake : description_.mistakes) sum += mistake.weight;
  auto left = chance.below(sum);
  auto at = description_.mistakes.begin();
  while (left >= at->weight) left -= (at++)->weight;
  return *at;
}

}  // namespace tamroi::sample
