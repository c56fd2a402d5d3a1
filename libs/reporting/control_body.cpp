#include "reporting/control_body.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/sha256.h"
#include "base/text.h"
#include "reporting/values.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;
using Type = JsonValue::Type;
using enum ControlType;

struct Known {
  std::string_view word;
  bool numbered;
  std::string_view members;  // besides id, type and reason; a trailing ? marks an optional one
};

constexpr std::array<Known, 10> known = {{
    {"round_opened", true, "round revision close_months?"},
    {"period_closed", true, "round month unit?"},
    {"criteria_revised", true, "round revision letter unit?"},
    {"target_set", true, "round unit indicator measure value letter"},
    {"round_closed", true, "round unit?"},
    {"catalogue_published", true, "round files"},
    {"account_granted", false, "account role unit token_sha256 expires_on?"},
    {"account_revoked", false, "account"},
    {"quarantined", false, "stream offset record_sha256"},
    {"fold_activated", true, "fold_version"},
}};

// Whether the list names the member; `optional` tells how.
bool lists(std::string_view members, std::string_view name, bool& optional) {
  while (!members.empty()) {
    const auto space = members.find(' ');
    auto word = members.substr(0, space);
    members = space == std::string_view::npos ? std::string_view{} : members.substr(space + 1);
    optional = word.ends_with('?');
    if (optional) word.remove_suffix(1);
    if (word == name) return true;
  }
  return false;
}

class Reader {
 public:
  Reader(ControlType type, JsonValue body, Problems& problems) : known_(known.at(static_cast<std::size_t>(type))), body_(body), problems_(problems) {
    out_.type = type;
  }

  ControlBody read() {
    for (auto value = body_.first(); value; value = value.next()) {
      bool optional = false;
      const auto name = value.key();
      if (name == "id" || name == "type" || name == "reason" || lists(known_.members, name, optional)) continue;
      problems_.add(value.order(), Code::UnknownField, "/" + base::pointer_token(name), "This control has no such member.");
    }
    reason();
    out_.round = text("round", [](std::string_view) { return true; }, "A round is expected.");
    out_.unit = text("unit", [](std::string_view) { return true; }, "A unit's code is expected.");
    if (!out_.unit && !body_.member("unit")) out_.unit = "TH";
    out_.revision = small("revision", 1);
    if (const auto word = text("close_months", [](std::string_view t) { return t == "by_hand" || t == "automatic"; }, "One of by_hand, automatic is expected.")) {
      out_.automatic = *word == "automatic";
    }
    out_.month = text("month", [](std::string_view) { return true; }, "A month such as 2022-06 is expected.");
    letter();
    out_.indicator = small("indicator", 0);
    out_.measure = text("measure", [](std::string_view) { return true; }, "A measure's name is expected.");
    out_.value = whole("value");
    files();
    out_.account = text("account", is_entity_name, "1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen are expected.");
    out_.role = text("role", [](std::string_view) { return true; }, "A role is expected.");
    out_.token_sha256 = text("token_sha256", base::is_sha256_hex, "64 hex digits in lower case are expected.");
    if (const auto date = text("expires_on", [](std::string_view t) { return base::parse_date(t).has_value(); }, "A date is expected.")) {
      out_.expires_on = base::parse_date(*date);
    }
    out_.stream = text("stream", [](std::string_view) { return true; }, "A stream is expected.");
    out_.offset = whole("offset");
    out_.record_sha256 = text("record_sha256", base::is_sha256_hex, "64 hex digits in lower case are expected.");
    out_.fold_version = small("fold_version", 1);
    return std::move(out_);
  }

 private:
  // The member where the type has it; reports a missing one.
  JsonValue find(std::string_view name) {
    bool optional = false;
    if (!lists(known_.members, name, optional)) return {};
    const auto value = body_.member(name);
    if (!value && !optional) problems_.add(body_.order(), Code::MissingField, fmt::format("/{}", name), "It is required.");
    return value;
  }
  void bad(JsonValue value, std::string_view name, std::string why) {
    problems_.add(value.order(), Code::BadValue, fmt::format("/{}", name), std::move(why));
  }
  template <typename Test>
  std::optional<std::string> text(std::string_view name, Test test, std::string_view expected) {
    const auto value = find(name);
    if (!value) return std::nullopt;
    if (value.is(Type::String) && test(value.text())) return std::string(value.text());
    bad(value, name, std::string(expected));
    return std::nullopt;
  }
  std::optional<std::uint64_t> whole(std::string_view name) {
    const auto value = find(name);
    if (!value) return std::nullopt;
    const auto number = value.integer();
    if (number && *number >= 0 && *number <= 9'007'199'254'740'991) return static_cast<std::uint64_t>(*number);
    bad(value, name, "An integer from 0 is expected.");
    return std::nullopt;
  }
  std::optional<std::uint32_t> small(std::string_view name, std::int64_t minimum) {
    const auto value = find(name);
    if (!value) return std::nullopt;
    const auto number = value.integer();
    if (number && *number >= minimum && *number <= 0x7FFFFFFF) return static_cast<std::uint32_t>(*number);
    bad(value, name, fmt::format("An integer from {} is expected.", minimum));
    return std::nullopt;
  }
  void reason() {
    const auto reason = body_.member("reason");
    if (!reason) return problems_.add(body_.order(), Code::ReasonRequired, "/reason", "A control needs a reason.");
    if (!is_text(reason)) return bad(reason, "reason", "A text of 1 to 500 characters is expected.");
    if (base::is_blank(reason.text())) problems_.add(reason.order(), Code::ReasonRequired, "/reason", "A control needs a reason.");
  }
  void letter() {
    const auto letter = find("letter");
    if (!letter) return;
    const auto date = letter.member("issued_on");
    const auto sha256 = letter.member("sha256");
    const std::size_t members = sha256 ? 3 : 2;
    const bool good = letter.is(Type::Object) && letter.size() == members && is_text(letter.member("number")) && date.is(Type::String) &&
                      base::parse_date(date.text()) && (!sha256 || (sha256.is(Type::String) && base::is_sha256_hex(sha256.text())));
    if (!good) bad(letter, "letter", "A letter's number and issued_on (a date), and its sha256 if known, are expected.");
  }
  void files() {
    const auto files = find("files");
    if (!files) return;
    catalogue::Bundle bundle;
    if (!files.is(Type::Object) || files.size() == 0) return bad(files, "files", "An object of paths and texts is expected.");
    for (auto file = files.first(); file; file = file.next()) {
      if (!file.is(Type::String)) return bad(files, "files", "An object of paths and texts is expected.");
      bundle.emplace(std::string(file.key()), std::string(file.text()));
    }
    out_.files = std::move(bundle);
  }

  const Known& known_;
  JsonValue body_;
  Problems& problems_;
  ControlBody out_;
};

}  // namespace

std::optional<ControlType> parse_control_type(std::string_view word) {
  const auto found = std::ranges::find(known, word, &Known::word);
  if (found == known.end()) return std::nullopt;
  return static_cast<ControlType>(found - known.begin());
}

bool is_numbered(ControlType type) { return known.at(static_cast<std::size_t>(type)).numbered; }

ControlBody read_control_body(ControlType type, JsonValue body, Problems& problems) { return Reader(type, body, problems).read(); }

}  // namespace tamroi::reporting
