#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/check.h"
#include "event/outcome.h"
#include "event/outcome.pb.h"

namespace tamroi::event {
namespace {

using base::Code;
using base::Int128;

// The number on the wire never changes; base::Code may be put in another order.
constexpr std::array<std::pair<Code, v1::ProblemCode>, 31> problem_codes{{
    {Code::Malformed, v1::MALFORMED},
    {Code::TooLarge, v1::TOO_LARGE},
    {Code::UnknownUnit, v1::UNKNOWN_UNIT},
    {Code::NotPermitted, v1::NOT_PERMITTED},
    {Code::PersonalData, v1::PERSONAL_DATA},
    {Code::MissingField, v1::MISSING_FIELD},
    {Code::UnknownField, v1::UNKNOWN_FIELD},
    {Code::BadValue, v1::BAD_VALUE},
    {Code::UnknownRound, v1::UNKNOWN_ROUND},
    {Code::RoundNotOpen, v1::ROUND_NOT_OPEN},
    {Code::VersionConflict, v1::VERSION_CONFLICT},
    {Code::ReasonRequired, v1::REASON_REQUIRED},
    {Code::IdReused, v1::ID_REUSED},
    {Code::UnknownType, v1::UNKNOWN_TYPE},
    {Code::WrongLevel, v1::WRONG_LEVEL},
    {Code::OutsideRound, v1::OUTSIDE_ROUND},
    {Code::InTheFuture, v1::IN_THE_FUTURE},
    {Code::DuplicateFact, v1::DUPLICATE_FACT},
    {Code::UnknownFact, v1::UNKNOWN_FACT},
    {Code::WithdrawnFact, v1::WITHDRAWN_FACT},
    {Code::UnknownEntity, v1::UNKNOWN_ENTITY},
    {Code::EntityExists, v1::ENTITY_EXISTS},
    {Code::EntityInUse, v1::ENTITY_IN_USE},
    {Code::OutOfOrder, v1::OUT_OF_ORDER},
    {Code::Unauthorized, v1::UNAUTHORIZED},
    {Code::NotFound, v1::NOT_FOUND},
    {Code::MethodNotAllowed, v1::METHOD_NOT_ALLOWED},
    {Code::ExpectationFailed, v1::EXPECTATION_FAILED},
    {Code::TooManyRequests, v1::TOO_MANY_REQUESTS},
    {Code::Unavailable, v1::UNAVAILABLE},
    {Code::NotFollowed, v1::NOT_FOLLOWED},
}};
static_assert(problem_codes.size() == v1::ProblemCode_MAX);
static_assert(problem_codes.size() == static_cast<std::size_t>(Code::NotFollowed) + 1, "every code has its number");

v1::ProblemCode wire_code(Code code) {
  const auto* match = std::ranges::find(problem_codes, code, &std::pair<Code, v1::ProblemCode>::first);
  CHECK(match != problem_codes.end());
  return match->second;
}

// Thrown and caught in this file only.
struct Undecodable {
  std::string why;
};

Code our_code(int wire_number) {
  for (const auto& [ours, wire] : problem_codes) {
    if (wire == wire_number) return ours;
  }
  throw Undecodable{fmt::format("The problem code {} is unknown.", wire_number)};
}

// Whether the low part alone, sign-extended, is the number.
bool fits_low(Int128 value) { return value == static_cast<std::int64_t>(value); }

Int128 join(std::int64_t high, std::int64_t low) {
  return static_cast<Int128>((static_cast<unsigned __int128>(static_cast<std::uint64_t>(high)) << 64) |
                             static_cast<std::uint64_t>(low));
}

void write(const Position& position, v1::Position& message) {
  message.set_stream(position.stream.code);
  message.set_offset(position.offset);
}

Position read(const v1::Position& message) {
  if (message.stream() > std::numeric_limits<std::uint16_t>::max()) {
    throw Undecodable{fmt::format("The stream {} has more than 16 bits.", message.stream())};
  }
  return {Stream{static_cast<std::uint16_t>(message.stream())}, message.offset()};
}

void write(const Figure& figure, v1::Figure& message) {
  message.set_measure(figure.measure);
  message.set_form(static_cast<v1::Figure::Form>(figure.form));
  message.set_numerator(static_cast<std::int64_t>(figure.numerator));
  if (!fits_low(figure.numerator)) message.set_numerator_high(static_cast<std::int64_t>(figure.numerator >> 64));
  message.set_denominator(static_cast<std::int64_t>(figure.denominator));
  if (!fits_low(figure.denominator)) message.set_denominator_high(static_cast<std::int64_t>(figure.denominator >> 64));
  message.set_reason(figure.reason);
}

Figure read(const v1::Figure& message) {
  const int form = message.form();
  if (form < v1::Figure::COUNT || form > v1::Figure::UNDEFINED) {
    throw Undecodable{fmt::format("The figure's form {} is unknown.", form)};
  }
  Figure figure;
  figure.measure = message.measure();
  figure.form = static_cast<Figure::Form>(form);
  figure.numerator = message.has_numerator_high() ? join(message.numerator_high(), message.numerator())
                                                  : Int128{message.numerator()};
  figure.denominator = message.has_denominator_high() ? join(message.denominator_high(), message.denominator())
                                                      : Int128{message.denominator()};
  figure.reason = message.reason();
  return figure;
}

void write(const Standing& standing, v1::Standing& message) {
  message.set_level(standing.level);
  message.set_evidenced_level(standing.evidenced_level);
  message.set_score(standing.score);
}

Standing read(const v1::Standing& message) { return {message.level(), message.evidenced_level(), message.score()}; }

void write(const HistoryRow& row, v1::HistoryRow& message) {
  message.set_round(row.round);
  message.set_unit(row.unit);
  message.set_indicator(row.indicator);
  for (const Figure& figure : row.figures) write(figure, *message.add_figures());
  for (const std::string& present : row.evidence) message.add_evidence(present);
  for (const auto& [measure, value] : row.targets) {
    v1::Target& target = *message.add_targets();
    target.set_measure(measure);
    target.set_value(value);
  }
  for (const std::uint32_t level : row.judged) message.add_judged(level);
  write(row.standing, *message.mutable_standing());
  message.set_revision(row.revision);
  message.set_changed(row.changed);
  if (row.last_change) write(*row.last_change, *message.mutable_last_change());
}

HistoryRow read(const v1::HistoryRow& message) {
  HistoryRow row;
  row.round = message.round();
  row.unit = message.unit();
  row.indicator = message.indicator();
  row.figures.reserve(static_cast<std::size_t>(message.figures_size()));
  for (const auto& figure : message.figures()) row.figures.push_back(read(figure));
  row.evidence.assign(message.evidence().begin(), message.evidence().end());
  for (const auto& target : message.targets()) row.targets.emplace_back(target.measure(), target.value());
  row.judged.assign(message.judged().begin(), message.judged().end());
  row.standing = read(message.standing());
  row.revision = message.revision();
  row.changed = message.changed();
  if (message.has_last_change()) row.last_change = read(message.last_change());
  return row;
}

void write(const Change& change, v1::Change& message) {
  message.set_round(change.round);
  message.set_unit(change.unit);
  message.set_indicator(change.indicator);
  write(change.before, *message.mutable_before());
  write(change.after, *message.mutable_after());
  for (const auto& [before, after] : change.measures) {
    v1::MeasureChange& measure = *message.add_measures();
    write(before, *measure.mutable_before());
    write(after, *measure.mutable_after());
  }
  message.set_revision(change.revision);
}

Change read(const v1::Change& message) {
  Change change;
  change.round = message.round();
  change.unit = message.unit();
  change.indicator = message.indicator();
  change.before = read(message.before());
  change.after = read(message.after());
  for (const auto& measure : message.measures()) {
    change.measures.emplace_back(read(measure.before()), read(measure.after()));
  }
  change.revision = message.revision();
  return change;
}

Outcome read(const v1::Outcome& message) {
  const int verdict = message.verdict();
  if (verdict < v1::ACCEPTED || verdict > v1::SKIPPED) {
    throw Undecodable{fmt::format("The verdict {} is unknown.", verdict)};
  }
  if (!message.has_position()) throw Undecodable{"The outcome has no position."};
  Outcome outcome;
  outcome.position = read(message.position());
  outcome.recorded_at.micros = message.recorded_at();
  outcome.fold_version = message.fold_version();
  outcome.verdict = static_cast<Verdict>(verdict);
  if (message.has_repeat_of()) outcome.repeat_of = read(message.repeat_of());
  for (const auto& problem : message.problems()) {
    outcome.problems.push_back({our_code(problem.code()), problem.where(), problem.why()});
  }
  outcome.problems_total = message.problems_total();
  outcome.round = message.round();
  outcome.unit = message.unit();
  outcome.version = message.version();
  outcome.control_number = message.control_number();
  outcome.changes.reserve(static_cast<std::size_t>(message.changes_size()));
  for (const auto& change : message.changes()) outcome.changes.push_back(read(change));
  outcome.rows.reserve(static_cast<std::size_t>(message.rows_size()));
  for (const auto& row : message.rows()) outcome.rows.push_back(read(row));
  return outcome;
}

template <typename Message>
std::string serialized(const Message& message) {
  std::string bytes;
  CHECK(message.SerializeToString(&bytes));
  return bytes;
}

template <typename Ours, typename Message>
std::expected<Ours, std::string> decode(std::string_view bytes, std::string_view noun) {
  google::protobuf::Arena arena;
  auto* message = google::protobuf::Arena::CreateMessage<Message>(&arena);
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::unexpected(fmt::format("The bytes are no protobuf message of {}.", noun));
  }
  try {
    return read(*message);
  } catch (Undecodable& undecodable) {
    return std::unexpected(std::move(undecodable.why));
  }
}

}  // namespace

std::string encode(const Outcome& outcome) {
  google::protobuf::Arena arena;
  auto& message = *google::protobuf::Arena::CreateMessage<v1::Outcome>(&arena);
  write(outcome.position, *message.mutable_position());
  message.set_recorded_at(outcome.recorded_at.micros);
  message.set_fold_version(outcome.fold_version);
  message.set_verdict(static_cast<v1::Verdict>(outcome.verdict));
  if (outcome.repeat_of) write(*outcome.repeat_of, *message.mutable_repeat_of());
  for (const base::Problem& problem : outcome.problems) {
    v1::Problem& added = *message.add_problems();
    added.set_code(wire_code(problem.code));
    added.set_where(problem.where);
    added.set_why(problem.why);
  }
  message.set_problems_total(outcome.problems_total);
  message.set_round(outcome.round);
  message.set_unit(outcome.unit);
  message.set_version(outcome.version);
  message.set_control_number(outcome.control_number);
  for (const Change& change : outcome.changes) write(change, *message.add_changes());
  for (const HistoryRow& row : outcome.rows) write(row, *message.add_rows());
  return serialized(message);
}

std::expected<Outcome, std::string> decode_outcome(std::string_view bytes) {
  return decode<Outcome, v1::Outcome>(bytes, "an outcome");
}

std::string encode(const HistoryRow& row) {
  v1::HistoryRow message;
  write(row, message);
  return serialized(message);
}

std::expected<HistoryRow, std::string> decode_history_row(std::string_view bytes) {
  return decode<HistoryRow, v1::HistoryRow>(bytes, "a history row");
}

std::string encode(const Change& change) {
  v1::Change message;
  write(change, message);
  return serialized(message);
}

std::expected<Change, std::string> decode_change(std::string_view bytes) {
  return decode<Change, v1::Change>(bytes, "a change");
}

}  // namespace tamroi::event
