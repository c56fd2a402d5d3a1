#include <algorithm>
#include <utility>

#include "event/outcome.h"

namespace tamroi::event {
namespace {

bool continues_a_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

void cut(std::string& text) {
  if (text.size() <= problem_text_bytes_max) return;
  // A code point has at most three continuing bytes; text that goes on continuing is no UTF-8 and is cut as it is.
  std::size_t size = problem_text_bytes_max;
  while (size > problem_text_bytes_max - 3 && continues_a_code_point(text[size])) --size;
  text.resize(continues_a_code_point(text[size]) ? problem_text_bytes_max : size);
}

}  // namespace

void set_problems(Outcome& outcome, std::vector<base::Problem> problems) {
  outcome.problems_total = problems.size();
  std::size_t kept = 0;
  std::size_t size_bytes = 0;
  for (; kept < std::min(problems.size(), problems_max); ++kept) {
    base::Problem& problem = problems[kept];
    cut(problem.where);
    cut(problem.why);
    size_bytes += problem.where.size() + problem.why.size();
    if (size_bytes > problems_bytes_max) break;
  }
  problems.erase(problems.begin() + static_cast<std::ptrdiff_t>(kept), problems.end());
  outcome.problems = std::move(problems);
}

}  // namespace tamroi::event
