#include "cli/problem_lines.h"

#include <fmt/format.h>

#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

std::string place_of(const std::string& file, const Posted& posted) {
  return fmt::format("{}:{}", file, Lines(posted).of(""));
}

void print_problems(const std::string& file, const Posted& posted, const Reply& reply, const Screen& screen) {
  const auto body = parse_object(reply.body);
  const auto& problems = body ? array_at(*body, "problems") : json::array();
  const Lines lines(posted);
  for (const auto& value : problems) {
    const auto& problem = as_object(value);
    const auto line = lines.of(text_at(problem, "where"));
    screen.output << paint(screen.look, Tone::Bad, fmt::format("{}:{}: {}", file, line, problem_text(problem))) << '\n';
  }
  const auto more =
      (body ? integer_at(*body, "problems_total").value_or(0) : 0) - static_cast<std::int64_t>(problems.size());
  if (more > 0) screen.output << fmt::format("{}: and {} more problems\n", place_of(file, posted), more);
  if (problems.empty())
    screen.output << fmt::format("{}: {}", place_of(file, posted), refusal_text(reply, screen.look));
}

}  // namespace tamroi::cli
