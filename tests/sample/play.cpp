#include "sample/play.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "support/files.h"

namespace tamroi::sample {
namespace {

namespace json = boost::json;

scenarios::Actor actor_of(const std::string& as) {
  const auto sign = as.find('@');
  return {as, as.substr(0, sign), as.substr(sign + 1)};
}

}  // namespace

std::shared_ptr<const Description> shipped_description() {
  static const auto shipped = [] {
    const auto described = read_description("2565-2.yaml", support::read_file(support::source_dir() / "schemas/sample/2565-2.yaml"));
    std::string why;
    for (const auto& finding : described.findings) why += fmt::format("{}:{}: {}\n", finding.file, finding.line, finding.why);
    if (described.description == nullptr) throw std::runtime_error(why);
    return described.description;
  }();
  return shipped;
}

const catalogue::Units& shipped_units() {
  static const auto units = catalogue::Units::parse_csv(support::read_file(support::source_dir() / "schemas/org/org-units.csv")).units;
  return units;
}

std::vector<Line> lines_of(const Wish& wish) {
  History history(shipped_description(), shipped_units(), wish);
  std::vector<Line> lines;
  while (auto line = history.next()) lines.push_back(std::move(*line));
  return lines;
}

Play::Play(const std::vector<Line>& lines) : world_(std::make_shared<reporting::Plans>()) {
  world_.publish(support::source_dir() / "schemas/catalogue/2565-2", {lines.front().at.micros - 1});
  for (const auto& line : lines) {
    const auto reply = line.control ? world_.control(line.body, actor_of(line.as), line.at)
                                    : world_.submit(line.body, actor_of(line.as), line.at);
    ++(reply.status == 200 ? accepted : rejected);
    const auto verdict = json::parse(reply.body).as_object();
    const auto* said = verdict.if_contains("verdict");
    if (said != nullptr && *said == (line.rejected ? "rejected" : "accepted")) continue;
    unexpected.push_back(to_text(line).substr(0, 300) + "\n" + reply.body.substr(0, 600));
  }
}

std::vector<std::size_t> Play::districts_on_levels(const std::string& province, int indicator) {
  const auto reply = world_.levels({.unit = province, .round = "2565-2", .revision = {}, .as_of = {}}, indicator);
  std::vector<std::size_t> counts;
  for (const auto& each : json::parse(reply.body).at("levels").as_array()) {
    counts.push_back(each.at("districts").at("count").to_number<std::size_t>());
  }
  return counts;
}

std::int64_t Play::level(const std::string& unit, int indicator) {
  const auto reply = world_.indicator({.unit = unit, .round = "2565-2", .revision = {}, .as_of = {}}, indicator);
  return json::parse(reply.body).at("level").to_number<std::int64_t>();
}

std::vector<std::int64_t> Play::levels_of_history(const std::string& unit, int indicator) {
  std::vector<std::int64_t> levels;
  const auto changes = json::parse(world_.history(unit, "2565-2", indicator).body).at("changes");
  for (const auto& change : changes.as_array()) {
    const auto level = change.at("after").at("level").to_number<std::int64_t>();
    if (level != (levels.empty() ? -1 : levels.back())) levels.push_back(level);
  }
  std::ranges::reverse(levels);  // the newest stands first
  if (!levels.empty() && levels.front() == 0) levels.erase(levels.begin());
  return levels;
}

}  // namespace tamroi::sample
