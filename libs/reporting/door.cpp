#include "reporting/door.h"

#include <fmt/format.h>

#include "base/check.h"
#include "reporting/permissions.h"
#include "reporting/personal.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;
using base::Problem;
using Type = JsonValue::Type;

std::optional<event::Stream> stream_of(const catalogue::Units& units, std::string_view unit) {
  const auto* province = units.province_of(unit);
  return province == nullptr ? std::nullopt : event::parse_stream(province->code);
}

struct Read {
  Admitted admitted;
  std::vector<Problem> problems;  // malformed
  std::size_t entries = 0;
};

void need(JsonValue body, std::string_view name, Type type, std::string_view what, std::vector<Problem>& problems) {
  const auto value = body.member(name);
  if (value.is(type)) return;
  problems.push_back({Code::Malformed, fmt::format("/{}", name), value ? fmt::format("{} is expected.", what) : "It is required."});
}

void need_id(JsonValue body, Read& read) {
  need(body, "id", Type::String, "A UUID", read.problems);
  const auto id = body.member("id");
  if (!id.is(Type::String)) return;
  if (const auto parsed = base::Uuid::parse(id.text())) {
    read.admitted.id = *parsed;
  } else {
    read.problems.push_back({Code::Malformed, "/id", "A UUID is expected."});
  }
}

std::expected<JsonValue, Problem> parse(base::Json& document, std::string_view body) {
  auto root = document.parse(body);
  if (!root) return std::unexpected(Problem{Code::Malformed, "", "The body is not JSON as it is read here: " + root.error() + "."});
  if (!root->is(Type::Object)) return std::unexpected(Problem{Code::Malformed, "", "The body is not an object."});
  return *root;
}

Read read_members(JsonValue root) {
  Read read;
  need_id(root, read);
  need(root, "unit", Type::String, "A text", read.problems);
  need(root, "round", Type::String, "A text", read.problems);
  need(root, "entries", Type::Array, "An array", read.problems);
  if (!read.problems.empty()) return read;
  read.admitted.unit = root.member("unit").text();
  read.admitted.round = root.member("round").text();
  read.entries = root.member("entries").size();
  return read;
}

Read read_control_members(JsonValue root) {
  Read read;
  need_id(root, read);
  need(root, "type", Type::String, "A text", read.problems);
  if (!read.problems.empty()) return read;
  read.admitted.type = root.member("type").text();
  read.admitted.stream = event::control_stream;
  if (root.member("round").is(Type::String)) read.admitted.round = root.member("round").text();
  return read;
}

Refused refuse(int status, Code code, std::string where, std::string why) { return {status, {{code, std::move(where), std::move(why)}}}; }

}  // namespace

const catalogue::Plan* Published::plan(std::string_view round) const {
  const auto found = plans.find(round);
  return found == plans.end() ? nullptr : found->second.get();
}

const catalogue::Units& Published::units() const {
  static const catalogue::Units nothing;
  return plans.empty() ? nothing : plans.rbegin()->second->units;
}

std::expected<Admitted, Refused> admit_submission(const Published& published, const event::Actor& actor, std::string_view body) {
  if (!Permissions::may_submit_at_all(actor)) return std::unexpected(refuse(403, Code::NotPermitted, "", "This role submits nothing."));
  if (body.size() > body_bytes_max) return std::unexpected(refuse(413, Code::TooLarge, "", "A submission is at most 1 MiB."));
  base::Json document;
  const auto root = parse(document, body);
  if (!root) return std::unexpected(Refused{400, {root.error()}});
  auto read = read_members(*root);
  if (!read.problems.empty()) return std::unexpected(Refused{400, std::move(read.problems)});
  if (read.entries > entries_max) return std::unexpected(refuse(413, Code::TooLarge, "/entries", "At most 10,000 entries are taken at once."));
  const auto* plan = published.plan(read.admitted.round);
  const auto& units = plan != nullptr ? plan->units : published.units();
  const auto stream = stream_of(units, read.admitted.unit);
  if (!stream) return std::unexpected(refuse(422, Code::UnknownUnit, "/unit", "No district or province has this code."));
  read.admitted.stream = *stream;
  if (!Permissions{units}.may_submit(actor, read.admitted.unit)) {
    return std::unexpected(refuse(403, Code::NotPermitted, "/unit", "This account submits nothing for this unit."));
  }
  if (auto problems = personal_problems(plan, *root); !problems.empty()) return std::unexpected(Refused{422, std::move(problems)});
  return std::move(read.admitted);
}

std::expected<Admitted, Refused> admit_control(const Published& published, const event::Actor& actor, std::string_view body) {
  if (!Permissions::may_control_at_all(actor)) return std::unexpected(refuse(403, Code::NotPermitted, "", "This role sends no controls."));
  if (body.size() > body_bytes_max) return std::unexpected(refuse(413, Code::TooLarge, "", "A control is at most 1 MiB."));
  base::Json document;
  const auto root = parse(document, body);
  if (!root) return std::unexpected(Refused{400, {root.error()}});
  auto read = read_control_members(*root);
  if (!read.problems.empty()) return std::unexpected(Refused{400, std::move(read.problems)});
  const auto* plan = published.plan(read.admitted.round);
  const auto unit = root->member("unit").is(Type::String) ? root->member("unit").text() : std::string_view{"TH"};
  if (!Permissions{plan != nullptr ? plan->units : published.units()}.may_control(actor, read.admitted.type, unit)) {
    return std::unexpected(refuse(403, Code::NotPermitted, "/type", "This account may not send this control."));
  }
  if (auto problems = personal_problems_of_control(*root); !problems.empty()) return std::unexpected(Refused{422, std::move(problems)});
  return std::move(read.admitted);
}

std::expected<Admitted, std::string> read_submission(base::Json& document, std::string_view body) {
  if (body.size() > body_bytes_max) return std::unexpected("the body is above 1 MiB");
  const auto root = parse(document, body);
  if (!root) return std::unexpected(root.error().why);
  auto read = read_members(*root);
  if (!read.problems.empty()) return std::unexpected(read.problems.front().where + ": " + read.problems.front().why);
  if (read.entries > entries_max) return std::unexpected("the body has more than 10,000 entries");
  return std::move(read.admitted);
}

std::expected<Admitted, std::string> read_control(base::Json& document, std::string_view body) {
  if (body.size() > body_bytes_max) return std::unexpected("the body is above 1 MiB");
  const auto root = parse(document, body);
  if (!root) return std::unexpected(root.error().why);
  auto read = read_control_members(*root);
  if (!read.problems.empty()) return std::unexpected(read.problems.front().where + ": " + read.problems.front().why);
  return std::move(read.admitted);
}

}  // namespace tamroi::reporting
