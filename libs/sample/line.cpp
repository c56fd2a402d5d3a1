#include "sample/line.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tamroi::sample {
namespace {

constexpr std::int64_t minute = 60'000'000;
constexpr std::int64_t bangkok = 7 * 60 * minute;
constexpr std::string_view submissions = "submissions";
constexpr std::string_view controls = "controls";
constexpr std::string_view rejected = "rejected";
constexpr std::array<std::string_view, 5> members = {"at", "as", "to", "meant", "body"};

// As the people of the history read their clocks: 2022-04-01T09:00:00+07:00
std::string bangkok_text(base::Instant at) {
  return base::to_string(base::Instant{at.micros + bangkok}).substr(0, 19) + "+07:00";
}

}  // namespace

std::string to_text(const Line& line) {
  return fmt::format("{{\"at\":\"{}\",\"as\":\"{}\",\"to\":\"{}\",{}\"body\":{}}}\n", bangkok_text(line.at), line.as,
                     line.control ? controls : submissions, line.rejected ? R"("meant":"rejected",)" : "", line.body);
}

std::expected<Line, std::string> parse_line(std::string_view text, base::Json& document) {
  const auto root = document.parse(text);
  if (!root) return std::unexpected(root.error());
  if (!root->is(base::JsonValue::Type::Object)) return std::unexpected("A line is a JSON object.");
  for (auto member = root->first(); member; member = member.next()) {
    if (std::ranges::find(members, member.key()) == members.end()) {
      return std::unexpected(fmt::format("A line has no member \"{}\".", member.key()));
    }
  }
  const auto text_of = [&](std::string_view name) {
    const auto member = root->member(name);
    return member.is(base::JsonValue::Type::String) ? member.text() : std::string_view{};
  };
  Line line;
  const auto at = base::parse_instant(text_of("at"));
  if (!at) return std::unexpected("\"at\" is no time such as 2022-04-01T09:00:00+07:00.");
  line.at = *at;
  line.as = text_of("as");
  const auto sign = line.as.find('@');
  if (sign == 0 || sign >= line.as.size() - 1) return std::unexpected("\"as\" is no ROLE@UNIT.");
  const auto to = text_of("to");
  if (to != submissions && to != controls) return std::unexpected("\"to\" is neither submissions nor controls.");
  line.control = to == controls;
  if (const auto meant = root->member("meant")) {
    if (text_of("meant") != rejected) return std::unexpected("\"meant\" can be rejected, nothing else.");
    line.rejected = true;
  }
  const auto body = root->member("body");
  if (!body.is(base::JsonValue::Type::Object)) return std::unexpected("\"body\" is no object.");
  line.body = body.raw();
  return line;
}

}  // namespace tamroi::sample
