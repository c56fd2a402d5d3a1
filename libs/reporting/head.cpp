#include "reporting/head.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/text.h"
#include "reporting/values.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;
using Type = JsonValue::Type;

constexpr std::int64_t integer_max = 9'007'199'254'740'991;

void check_rows(JsonValue rows, Problems& problems) {
  const auto first = rows.first().is(Type::Number) ? rows.first().integer() : std::nullopt;
  const auto last = rows.is(Type::Array) && rows.size() == 2 ? rows.first().next().integer() : std::nullopt;
  if (first && last && *first >= 0 && *first <= *last && *last <= integer_max) return;
  problems.add(rows.order(), Code::BadValue, "/source/rows",
               "The first and the last row are expected, as two integers.");
}

void check_source(JsonValue source, Problems& problems) {
  if (!source.is(Type::Object))
    return problems.add(source.order(), Code::BadValue, "/source", "An object is expected.");
  const auto sha256 = source.member("sha256");
  const auto rows = source.member("rows");
  if (!sha256) {
    problems.add(source.order(), Code::MissingField, "/source/sha256", "It is required.");
  } else if (!sha256.is(Type::String) || !base::is_sha256_hex(sha256.text())) {
    problems.add(sha256.order(), Code::BadValue, "/source/sha256", "64 hex digits in lower case are expected.");
  }
  if (rows)
    check_rows(rows, problems);
  else
    problems.add(source.order(), Code::MissingField, "/source/rows", "It is required.");
  for (auto value = source.first(); value; value = value.next()) {
    if (value.key() == "sha256" || value.key() == "rows") continue;
    problems.add(value.order(), Code::UnknownField, "/source/" + base::pointer_token(value.key()),
                 "A source has no such member.");
  }
}

void check_expects(const RoundState& state, JsonValue body, Problems& problems) {
  const auto expects = body.member("expects");
  if (!expects) return;
  const auto wanted = expects.integer();
  const auto version = version_of(state, body.member("unit").text());
  if (!wanted || *wanted < 0 || *wanted > integer_max) {
    problems.add(expects.order(), Code::BadValue, "/expects", "An integer from 0 is expected.");
  } else if (static_cast<std::uint64_t>(*wanted) != version) {
    problems.add(expects.order(), Code::VersionConflict, "/expects",
                 fmt::format("Version {} was expected; the unit's version is {}.", *wanted, version));
  }
}

}  // namespace

void check_head(const RoundState& state, JsonValue body, Problems& problems) {
  static constexpr std::string_view known[] = {"id",     "unit",   "round",  "expects",
                                               "reason", "letter", "source", "entries"};
  for (auto value = body.first(); value; value = value.next()) {
    if (std::ranges::find(known, value.key()) != std::end(known)) continue;
    problems.add(value.order(), Code::UnknownField, "/" + base::pointer_token(value.key()),
                 "A submission has no such member.");
  }
  if (!state.opened || state.closed) {
    problems.add(body.member("round").order(), Code::RoundNotOpen, "/round",
                 state.opened ? "The round is closed." : "The round is not open yet.");
  }
  check_expects(state, body, problems);
  if (const auto letter = body.member("letter"); letter && !is_text(letter)) {
    problems.add(letter.order(), Code::BadValue, "/letter", "A text of 1 to 500 characters is expected.");
  }
  if (const auto source = body.member("source")) check_source(source, problems);
}

void check_reason(JsonValue body, bool needed, Problems& problems) {
  const auto reason = body.member("reason");
  if (reason && !is_text(reason))
    return problems.add(reason.order(), Code::BadValue, "/reason", "A text of 1 to 500 characters is expected.");
  if (!needed || (reason && !base::is_blank(reason.text()))) return;
  problems.add(reason ? reason.order() : body.order(), Code::ReasonRequired, "/reason",
               "A correction, a withdrawal, or a fact of a month that is closed needs a reason.");
}

}  // namespace tamroi::reporting
