#include "access/access_line.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/json.h"
#include "telemetry/json_string.h"

namespace tamroi::access {
namespace {

std::optional<base::Digest> digest_of(std::string_view hex) {
  if (!base::is_sha256_hex(hex)) return std::nullopt;
  const auto digit = [](char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  base::Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  return digest;
}

std::string text_of(base::JsonValue line, std::string_view name) {
  const auto member = line.member(name);
  return member.is(base::JsonValue::Type::String) ? std::string(member.text()) : std::string();
}

std::optional<std::uint64_t> number_of(base::JsonValue line, std::string_view name) {
  const auto member = line.member(name);
  const auto number = member.is(base::JsonValue::Type::Number) ? member.integer() : std::nullopt;
  return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

}  // namespace

std::string encode(const Line& line) {
  const auto& [at, actor, act, of, status, request_id] = line.access;
  std::string out = fmt::format(R"({{"number":{},"before":"{}","at":"{}")", line.number, base::to_hex(line.before), base::to_string(at));
  const auto add = [&](std::string_view name, std::string_view text) {
    out += fmt::format(R"(,"{}":)", name);
    telemetry::append_json_string(out, text);
  };
  add("account", actor.account);
  add("role", actor.role);
  add("unit", actor.unit);
  add("act", act);
  add("of", of);
  if (status != 0) out += fmt::format(R"(,"status":{})", status);
  if (!request_id.empty()) add("request_id", request_id);
  return out += '}';
}

std::expected<Line, std::string> decode_line(std::string_view text) {
  base::Json document;
  const auto root = document.parse(text);
  if (!root) return std::unexpected("it is no JSON: " + root.error());
  const auto number = number_of(*root, "number");
  const auto before = digest_of(text_of(*root, "before"));
  const auto at = base::parse_instant(text_of(*root, "at"));
  if (!number || !before || !at) return std::unexpected("its number, its time or the hash before it cannot be read");
  Line line{*number, *before, {}};
  auto& access = line.access;
  access.at = *at;
  access.actor = {text_of(*root, "account"), text_of(*root, "role"), text_of(*root, "unit")};
  access.act = text_of(*root, "act");
  access.of = text_of(*root, "of");
  access.request_id = text_of(*root, "request_id");
  access.status = static_cast<int>(number_of(*root, "status").value_or(0));
  // Nothing may stand in a line that a reader of it would not see.
  if (encode(line) != text) return std::unexpected("it is not written as a line is");
  return line;
}

}  // namespace tamroi::access
