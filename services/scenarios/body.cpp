#include "scenarios/body.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/sha256.h"
#include "base/uuid.h"

namespace tamroi::scenarios {
namespace {

namespace json = boost::json;

std::string string_json(std::string_view text) { return json::serialize(json::string_view(text.data(), text.size())); }

bool reads_as_json(std::string_view text) {
  if (text == "true" || text == "false" || text == "null") return true;
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  return !error && value.is_number();
}

// An ordered JSON object under construction; a later member of the same name replaces the first.
class Object {
 public:
  void put(const std::string& name, std::string value) {
    for (auto& member : members_) {
      if (member.first == name) {
        member.second = std::move(value);
        return;
      }
    }
    members_.emplace_back(name, std::move(value));
  }
  void drop(const std::string& name) {
    std::erase_if(members_, [&](const auto& member) { return member.first == name; });
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::any_of(members_.begin(), members_.end(), [&](const auto& member) { return member.first == name; });
  }
  [[nodiscard]] std::string text() const {
    std::string out = "{";
    for (const auto& [name, value] : members_) {
      if (out.size() > 1) out += ",";
      out += string_json(name) + ":" + value;
    }
    return out + "}";
  }
  void finish(const Members& with, const std::vector<std::string>& without) {
    for (const auto& [name, value] : with) put(name, to_json(value, true));
    for (const std::string& name : without) drop(name);
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

// In the values of a fact an object is a document; what it does not say is made up.
std::string document_json(const Value& value) {
  Object out;
  std::string seed;
  for (const auto& [name, member] : value.members) seed += name + "=" + to_json(member, true) + ";";
  out.put("sha256", string_json(base::to_hex(base::sha256(seed))));
  out.put("name", string_json("document.pdf"));
  out.put("media_type", string_json("application/pdf"));
  out.put("size_bytes", "1000");
  for (const auto& [name, member] : value.members) out.put(name, to_json(member, true));
  return out.text();
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string escaped(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x80 ? fmt::format("\\u{:04x}", byte) : std::string(1, c);
  }
  return out + "\"";
}

std::string respell(const json::value& value, std::string_view member) {
  if (value.is_object()) {
    std::string out;
    for (const auto& [name, inner] : value.get_object()) {
      out = escaped(name) + " : " + respell(inner, name) + (out.empty() ? "" : " , ") + out;
    }
    return "{ " + out + " }";
  }
  if (value.is_array()) {
    std::string out;
    for (const auto& inner : value.get_array()) out += (out.empty() ? "" : " , ") + respell(inner, {});
    return "[ " + out + " ]";
  }
  if (value.is_string()) {
    const std::string text(value.get_string());
    return escaped(member == "id" || member == "fact" ? upper(text) : text);
  }
  return json::serialize(value) + (value.is_int64() || value.is_uint64() ? ".0" : "");
}

}  // namespace

std::string to_json(const Value& value, bool number) {
  switch (value.form) {
    case Value::Form::Bare: return number && reads_as_json(value.text) ? value.text : string_json(value.text);
    case Value::Form::Quoted: return string_json(value.text);
    case Value::Form::Literal: return value.text;
    case Value::Form::List: {
      std::string out;
      for (const Value& item : value.items) out += (out.empty() ? "" : ",") + to_json(item, number);
      return "[" + out + "]";
    }
    case Value::Form::Object: break;
  }
  Object out;
  for (const auto& [name, member] : value.members) out.put(name, to_json(member, true));
  return out.text();
}

std::string rewritten(std::string_view body) { return respell(json::parse({body.data(), body.size()}), {}); }

std::string Bodies::id(std::string_view class_name, std::string_view name) const {
  if (const auto given = base::Uuid::parse(name)) return std::string(name);
  return base::Uuid::from_digest(base::sha256(fmt::format("{}/{}/{}", seed_, class_name, name))).to_string();
}

std::string Bodies::fact_id(std::string_view name) const { return id("fact", name); }

std::string Bodies::made_name() { return fmt::format("#{}", ++made_); }

std::string Bodies::field(const std::string& type, const std::string& name, const Value& value) {
  if (value.form == Value::Form::Object) return document_json(value);
  return to_json(value, world_.is_number(type, name));
}

std::string Bodies::entry(const Entry& written, base::Date today) {
  if (written.op == Entry::Op::Literal) return with_ids(written.literal);
  constexpr std::array<const char*, 3> words{"record", "correct", "withdraw"};
  Object out;
  out.put("op", string_json(words.at(static_cast<std::size_t>(written.op))));
  const std::string name = written.fact.empty() ? made_name() : written.fact;
  out.put("fact", string_json(fact_id(name)));
  std::string type = written.type;
  if (written.op == Entry::Op::Record) {
    out.put("type", string_json(type));
    type_of_fact_.emplace(name, type);
  } else if (const auto recorded = type_of_fact_.find(name); recorded != type_of_fact_.end()) {
    type = recorded->second;
  }
  if (written.op != Entry::Op::Withdraw) {
    out.put("occurred_on", string_json(written.on.value_or(base::to_string(today))));
    Object values;
    for (const auto& [field_name, value] : written.values) values.put(field_name, field(type, field_name, value));
    out.put("values", values.text());
  }
  out.finish(written.with, written.without);
  return out.text();
}

std::string Bodies::of(const Submit& submit, const std::string& round, base::Date today) {
  Object out;
  out.put("id", string_json(id("submission", submit.name.empty() ? made_name() : submit.name)));
  out.put("unit", string_json(submit.unit));
  out.put("round", string_json(submit.round.value_or(round)));
  std::string entries;
  for (const Entry& written : submit.entries) entries += (entries.empty() ? "" : ",") + entry(written, today);
  out.put("entries", "[" + entries + "]");
  out.finish(submit.with, submit.without);
  std::string text = out.text();
  if (text.size() < submit.padded_bytes) text.append(submit.padded_bytes - text.size(), ' ');
  return text;
}

std::string Bodies::of(const Control& control, const std::string& round, base::Date today) {
  constexpr std::array<std::string_view, 5> numbers{"revision", "indicator", "value", "offset", "fold_version"};
  Object out;
  out.put("id", string_json(id("control", control.name.empty() ? made_name() : control.name)));
  out.put("type", string_json(control.type));
  if (!round.empty()) out.put("round", string_json(round));
  out.put("reason", string_json("said by the scenario"));
  const bool by_letter = control.type == "criteria_revised" || control.type == "target_set";
  if (by_letter) {
    out.put("letter", fmt::format(R"({{"number":"1","issued_on":"{}"}})", base::to_string(today)));
  }
  for (const auto& [name, value] : control.members) {
    out.put(name, to_json(value, std::find(numbers.begin(), numbers.end(), name) != numbers.end()));
  }
  out.finish({}, control.without);
  return out.text();
}

std::string Bodies::with_ids(std::string text) const {
  for (const char* class_name : {"fact", "submission", "control"}) {
    const std::string opening = fmt::format("<{}:", class_name);
    for (auto start = text.find(opening); start != std::string::npos; start = text.find(opening, start)) {
      const auto close = text.find('>', start);
      if (close == std::string::npos) break;
      const auto name = text.substr(start + opening.size(), close - start - opening.size());
      text.replace(start, close - start + 1, id(class_name, name));
    }
  }
  return text;
}

}  // namespace tamroi::scenarios
