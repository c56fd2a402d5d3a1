#include "simulation/rewriting.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>

namespace tamroi::simulation {

namespace json = boost::json;

namespace {

class Rewriter {
 public:
  explicit Rewriter(Chance& chance) : chance_(chance) {}

  void write(const json::value& value) {
    blank();
    if (const auto* object = value.if_object()) {
      write_members(*object);
    } else if (const auto* array = value.if_array()) {
      out_ += '[';
      for (std::size_t i = 0; i < array->size(); ++i) {
        if (i > 0) out_ += ',';
        write((*array)[i]);
      }
      out_ += ']';
    } else if (const auto* string = value.if_string()) {
      text(*string);
    } else if (value.is_int64() || value.is_uint64()) {
      number(value.to_number<std::int64_t>());
    } else {
      out_ += json::serialize(value);
    }
    blank();
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void write_members(const json::object& object) {
    std::vector<const json::key_value_pair*> members;
    for (const auto& member : object) members.push_back(&member);
    std::ranges::reverse(members);
    out_ += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out_ += ',';
      text(members[i]->key());
      out_ += ':';
      const auto* id = members[i]->value().if_string();
      const bool named = members[i]->key() == "id" || members[i]->key() == "fact";
      const bool is_id = named && id != nullptr && base::Uuid::parse(std::string(*id)).has_value();
      if (!is_id) {
        write(members[i]->value());
        continue;
      }
      std::string capitals(*id);
      std::ranges::transform(capitals, capitals.begin(),
                             [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      text(chance_.percent(70) ? capitals : std::string(*id));
    }
    out_ += '}';
  }
  void text(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      const bool plain = static_cast<unsigned char>(c) >= 0x80 || (c != '"' && c != '\\' && chance_.percent(90));
      out_ += plain ? std::string(1, c) : fmt::format("\\u{:04x}", static_cast<int>(c));
    }
    out_ += '"';
  }
  void number(std::int64_t value) {
    switch (chance_.below(4)) {
      case 0: out_ += fmt::format("{}", value); break;
      case 1: out_ += fmt::format("{}.0", value); break;
      case 2: out_ += value == 0 ? "-0.0e5" : fmt::format("{}0e-1", value); break;
      default: out_ += fmt::format("{}.00E+0", value);
    }
  }
  void blank() {
    if (chance_.percent(20)) out_ += chance_.percent(50) ? " " : "\n\t";
  }

  Chance& chance_;
  std::string out_;
};

}  // namespace

std::string rewritten(const json::object& body, Chance& chance) {
  Rewriter rewriter(chance);
  rewriter.write(json::value(body));
  return rewriter.take();
}

}  // namespace tamroi::simulation
