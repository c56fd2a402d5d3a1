#include "cli/table.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace tamroi::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t width_min = 8;

std::size_t widest_word(std::string_view text) {
  std::size_t widest = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    widest = std::max(widest, display_width(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return widest;
}

// Takes `over` columns away from the widest, none below its minimum; what is left of `over`.
std::size_t narrow(std::vector<std::size_t>& widths, const std::vector<std::size_t>& minimum, std::size_t over) {
  for (; over > 0; --over) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > minimum[i] && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
  }
  return over;
}

}  // namespace

void Table::add(Row row) {
  CHECK(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t columns_max) const {
  std::vector<std::size_t> widths;
  std::vector<std::size_t> unbroken;  // where no word has to be broken
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto width = display_width(columns_[i].heading);
    auto word = widest_word(columns_[i].heading);
    for (const auto& row : rows_) {
      width = std::max(width, display_width(row[i].text));
      word = std::max(word, widest_word(row[i].text));
    }
    widths.push_back(width);
    unbroken.push_back(word);
  }
  if (columns_max == 0) return widths;
  const auto total = std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
  auto over = total > columns_max ? total - columns_max : 0;
  over = narrow(widths, unbroken, over);
  narrow(widths, std::vector(widths.size(), width_min), over);
  return widths;
}

std::string Table::line(const Look& look, std::size_t indent, const Row& row,
                        const std::vector<std::size_t>& widths) const {
  std::vector<std::vector<std::string>> cells;
  std::size_t height = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    cells.push_back(wrapped(row[i].text, widths[i]));
    height = std::max(height, cells.back().size());
  }
  std::string out;
  for (std::size_t y = 0; y < height; ++y) {
    out.append(indent, ' ');
    std::size_t owed = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string text = y < cells[i].size() ? cells[i][y] : "";
      const auto width = display_width(text);
      const auto missing = width < widths[i] ? widths[i] - width : 0;
      const bool right = columns_[i].side == Side::Right;
      if (!text.empty()) {
        out.append(owed + (right ? missing : 0), ' ');
        out += paint(look, row[i].tone, text);
        owed = (right ? 0 : missing) + gap;
      } else {
        owed += missing + gap;
      }
    }
    out += '\n';
  }
  return out;
}

std::string Table::shown(const Look& look, std::size_t indent) const {
  const auto widths = this->widths(look.columns == 0 ? 0 : look.columns - std::min(indent, look.columns / 2));
  Row headings;
  for (const auto& column : columns_) headings.emplace_back(column.heading, Tone::Strong);
  auto out = line(look, indent, headings, widths);
  for (const auto& row : rows_) out += line(look, indent, row, widths);
  return out;
}

}  // namespace tamroi::cli
