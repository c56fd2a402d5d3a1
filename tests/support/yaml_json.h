#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "catalogue/value.h"

// A parsed YAML file as JSON, which is YAML again: plain integers and truths stay such, all else is a string.
namespace tamroi::support {

inline std::string quote(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      json += c;
  }
  return json + '"';
}

inline std::string to_json(const catalogue::Value& value) {
  using Kind = catalogue::Value::Kind;
  if (value.kind == Kind::Empty) return "null";
  if (value.kind == Kind::Scalar) {
    const bool number =
        !value.text.empty() && std::ranges::all_of(value.text, [](char c) { return c >= '0' && c <= '9'; });
    const bool plain = !value.quoted && (number || value.text == "true" || value.text == "false");
    return plain ? value.text : quote(value.text);
  }
  std::string json;
  for (const catalogue::Value& item : value.items) {
    if (!json.empty()) json += ", ";
    if (value.kind == Kind::Map) json += quote(item.key) + ": ";
    json += to_json(item);
  }
  return value.kind == Kind::Map ? "{" + json + "}" : "[" + json + "]";
}

}  // namespace tamroi::support
