#include "catalogue/reporter.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace tamroi::catalogue {
namespace {

constexpr std::size_t word_bytes_max = 64;  // longer ones are not compared: the cost is quadratic

std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  if (word.size() > word_bytes_max) return best;
  for (const std::string_view candidate : known) {
    if (candidate.size() > word_bytes_max) continue;
    const std::size_t apart = distance(word, candidate);
    if (apart < least && apart < word.size()) {
      least = apart;
      best = candidate;
    }
  }
  return best;
}

void Reporter::error(std::size_t line, std::string why) {
  findings_.push_back({Finding::Severity::Error, file_, line, std::move(why)});
}

void Reporter::warning(std::size_t line, std::string why) {
  findings_.push_back({Finding::Severity::Warning, file_, line, std::move(why)});
}

void Reporter::unknown(std::size_t line, std::string_view what, std::string_view word,
                       const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(word, known);
  error(line, near.empty() ? fmt::format("Unknown {} \"{}\".", what, word)
                           : fmt::format("Unknown {} \"{}\"; did you mean \"{}\"?", what, word, near));
}

}  // namespace tamroi::catalogue
