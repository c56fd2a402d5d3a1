#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/display.h"
#include "cli/look.h"

namespace tamroi::cli {

// A table for people. Where it is wider than the terminal the widest columns are wrapped; nothing is cut off.
class Table {
 public:
  enum class Side : std::uint8_t { Left, Right };
  struct Column {
    std::string heading;
    Side side = Side::Left;
  };
  struct Cell {
    template <std::convertible_to<std::string_view> Text>
    Cell(const Text& shown, Tone in = Tone::Plain)
        : text(printable(shown)), tone(in) {}  // NOLINT: rows are lists of texts
    std::string text;
    Tone tone;
  };
  using Row = std::vector<Cell>;

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as columns.
  void add(Row row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  // With headings; lines end without spaces.
  [[nodiscard]] std::string shown(const Look& look, std::size_t indent = 0) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t columns_max) const;
  [[nodiscard]] std::string line(const Look& look, std::size_t indent, const Row& row,
                                 const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace tamroi::cli
