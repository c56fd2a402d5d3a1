#include "reporting/entry.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace tamroi::reporting {

using base::JsonValue;
using Type = JsonValue::Type;

Entry::Entry(JsonValue entry, std::uint32_t place) : json(entry), index(place) {
  if (!entry.is(Type::Object)) return;
  for (auto member = entry.first(); member; member = member.next()) {
    const auto key = member.key();
    if (base::is(key, "op"))
      op = member;
    else if (base::is(key, "fact"))
      fact = member;
    else if (base::is(key, "type"))
      type = member;
    else if (base::is(key, "occurred_on"))
      occurred_on = member;
    else if (base::is(key, "values"))
      values = member;
    else
      has_others = true;
  }
  if (fact.is(Type::String)) id = base::Uuid::parse(fact.text());
}

std::string Entry::pointer(std::string_view below) const { return fmt::format("/entries/{}{}", index, below); }

void Entry::only(std::initializer_list<std::string_view> known, Problems& problems) const {
  for (auto member = json.first(); member; member = member.next()) {
    if (std::ranges::find(known, member.key()) != known.end()) continue;
    problems.add(member.order(), base::Code::UnknownField, pointer("/" + base::pointer_token(member.key())),
                 "An entry of this kind has no such member.");
  }
}

std::vector<Entry> read_entries(JsonValue entries) {
  std::vector<Entry> read;
  read.reserve(entries.size());
  for (auto entry = entries.first(); entry; entry = entry.next())
    read.emplace_back(entry, static_cast<std::uint32_t>(read.size()));
  return read;
}

}  // namespace tamroi::reporting
