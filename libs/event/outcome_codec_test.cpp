#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <random>

#include "event/outcome.h"

namespace tamroi::event {
namespace {

using base::Int128;

constexpr Int128 largest = static_cast<Int128>(~static_cast<unsigned __int128>(0) >> 1);

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  // Small and large alike.
  std::uint64_t number() { return engine_() >> below(64); }
  std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
  std::string word() { return std::string(below(20), static_cast<char>('a' + below(26))); }
  Int128 wide() {
    const auto bits = (static_cast<unsigned __int128>(engine_()) << 64) | engine_();
    return static_cast<Int128>(bits) >> below(128);
  }
  Position position() { return {Stream{static_cast<std::uint16_t>(engine_())}, number()}; }
  Standing standing() { return {small(), small(), static_cast<std::int64_t>(engine_())}; }
  Figure figure() { return {word(), static_cast<Figure::Form>(1 + below(3)), wide(), wide(), word()}; }

  HistoryRow row() {
    HistoryRow row{word(), word(), small(), {}, {}, {}, {}, standing(), small(), below(2) == 1, {}};
    for (auto i = below(4); i > 0; --i) row.figures.push_back(figure());
    for (auto i = below(4); i > 0; --i) row.evidence.push_back(word());
    for (auto i = below(4); i > 0; --i) row.targets.emplace_back(word(), number());
    for (auto i = below(4); i > 0; --i) row.judged.push_back(small());
    if (below(2) == 1) row.last_change = position();
    return row;
  }

  Change change() {
    Change change{word(), word(), small(), standing(), standing(), {}, small()};
    for (auto i = below(4); i > 0; --i) change.measures.emplace_back(figure(), figure());
    return change;
  }

  Outcome outcome() {
    Outcome outcome;
    outcome.position = position();
    outcome.recorded_at.micros = static_cast<std::int64_t>(engine_());
    outcome.fold_version = small();
    outcome.verdict = static_cast<Verdict>(1 + below(6));
    if (below(2) == 1) outcome.repeat_of = position();
    for (auto i = below(40); i > 0; --i) {
      outcome.problems.push_back({static_cast<base::Code>(below(31)), word() + '\xFF', word()});
    }
    outcome.problems_total = number();
    outcome.round = word();
    outcome.unit = word();
    outcome.version = number();
    outcome.control_number = number();
    for (auto i = below(4); i > 0; --i) outcome.changes.push_back(change());
    for (auto i = below(4); i > 0; --i) outcome.rows.push_back(row());
    return outcome;
  }

 private:
  std::mt19937_64 engine_;
};

HistoryRow with_figure(Int128 numerator, Int128 denominator) {
  HistoryRow row;
  row.figures.push_back({"m", Figure::Form::Share, numerator, denominator, ""});
  return row;
}

}  // namespace

TEST_CASE("any outcome comes back as it was, from the same bytes every time") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Random random(seed);
  for (int i = 0; i < 1000; ++i) {
    const Outcome outcome = random.outcome();
    const std::string bytes = encode(outcome);
    const auto decoded = decode_outcome(bytes);
    REQUIRE(decoded);
    REQUIRE(*decoded == outcome);
    REQUIRE(encode(*decoded) == bytes);
  }
}

TEST_CASE("any history row comes back as it was") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Random random(seed);
  for (int i = 0; i < 1000; ++i) {
    const HistoryRow row = random.row();
    REQUIRE(decode_history_row(encode(row)) == row);
  }
}

TEST_CASE("figures of all 128 bits come back exactly") {
  const Int128 smallest = -largest - 1;
  const Int128 long_max = std::numeric_limits<std::int64_t>::max();
  for (const Int128 value : {largest, largest - 1, smallest, smallest + 1, Int128{0}, Int128{1}, Int128{-1}, long_max,
                             long_max + 1, -long_max - 1, -long_max - 2, long_max * 2, long_max * 2 + 2}) {
    INFO(base::to_string(value));
    const HistoryRow row = with_figure(value, value);
    REQUIRE(decode_history_row(encode(row)) == row);
  }
}

TEST_CASE("a figure of 64 bits is written without a high part") {
  const Int128 long_max = std::numeric_limits<std::int64_t>::max();
  REQUIRE(encode(with_figure(long_max, 1)).size() < encode(with_figure(long_max + 1, 1)).size());
}

TEST_CASE("cut and damaged outcomes are refused or decoded, never a crash") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Random random(seed);
  const std::string whole = encode(random.outcome());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (const auto decoded = decode_outcome(std::string_view(whole).substr(0, size)); !decoded) {
      REQUIRE_FALSE(decoded.error().empty());
    }
  }
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = whole;
    damaged[random.below(damaged.size())] = static_cast<char>(random.number());
    static_cast<void>(decode_outcome(damaged));
    static_cast<void>(decode_history_row(damaged));
  }
}

TEST_CASE("an outcome without a position, or of an unknown verdict, code or form is refused") {
  const std::string position("\x0A\x02\x08\x18", 4);
  const std::string accepted("\x20\x01", 2);
  REQUIRE(decode_outcome(position + accepted));
  REQUIRE_FALSE(decode_outcome(""));
  REQUIRE(decode_outcome(accepted).error() == "The outcome has no position.");
  REQUIRE(decode_outcome(position).error() == "The verdict 0 is unknown.");
  REQUIRE(decode_outcome(position + std::string("\x20\x07", 2)).error() == "The verdict 7 is unknown.");
  REQUIRE(decode_outcome(position + accepted + std::string("\x32\x02\x08\x20", 4)).error() ==
          "The problem code 32 is unknown.");
  REQUIRE(decode_outcome(std::string("\x0A\x04\x08\x80\x80\x04", 6) + accepted).error() ==
          "The stream 65536 has more than 16 bits.");
  REQUIRE(decode_history_row(std::string("\x22\x02\x10\x04", 4)).error() == "The figure's form 4 is unknown.");
}

TEST_CASE("an outcome keeps a sender's text that is no UTF-8") {
  Outcome outcome;
  set_problems(outcome, {{base::Code::Malformed, "", "\xFF"}});
  outcome.unit = "\xC3";
  REQUIRE(decode_outcome(encode(outcome)) == outcome);
}

}  // namespace tamroi::event
