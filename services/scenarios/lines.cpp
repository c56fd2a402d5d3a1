#include "scenarios/lines.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "base/time.h"
#include "scenarios/words.h"

namespace tamroi::scenarios {

BadScenario::BadScenario(const Place& place, const std::string& why)
    : std::runtime_error(fmt::format("{}:{}: {}", place.file, place.number, why)) {}

namespace {

using Variables = std::map<std::string, std::string>;

constexpr int nested_files_max = 8;
constexpr long range_values_max = 100'000;

std::vector<Line> split(std::string_view text, const std::string& file) {
  std::vector<Line> lines;
  int number = 0;
  while (!text.empty()) {
    auto end = text.find('\n');
    std::string_view one = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    while (!one.empty() && (one.back() == ' ' || one.back() == '\r' || one.back() == '\t')) one.remove_suffix(1);
    const auto indent = std::min(one.find_first_not_of(' '), one.size());
    lines.push_back({{file, number}, indent, std::string(one.substr(indent))});
    if (!lines.back().text.empty() && lines.back().text.front() == '\t') {
      throw BadScenario(lines.back().place, "indent with blanks, not tabs");
    }
  }
  return lines;
}

// Only names of variables are replaced, so that {pages=2} stays what it is.
std::string substitute(const std::string& text, const Variables& variables) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto close = text[i] == '{' ? text.find('}', i) : std::string::npos;
    const auto variable =
        close == std::string::npos ? variables.end() : variables.find(text.substr(i + 1, close - i - 1));
    if (variable == variables.end()) {
      out += text[i++];
    } else {
      out += variable->second;
      i = close + 1;
    }
  }
  return out;
}

std::optional<long> whole_number(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// `1..12`, `001..120` (padded alike), `2022-04-04..2022-06-20`, or the word itself.
void add_values(const std::string& word, long step, const Place& place, std::vector<std::string>& values) {
  const auto dots = word.find("..");
  if (dots == std::string::npos) {
    values.push_back(word);
    return;
  }
  const std::string first = word.substr(0, dots);
  const std::string last = word.substr(dots + 2);
  const auto from_date = base::parse_date(first);
  const auto to_date = base::parse_date(last);
  const auto from = from_date ? std::optional<long>(from_date->days) : whole_number(first);
  const auto to = to_date ? std::optional<long>(to_date->days) : whole_number(last);
  if (!from || !to || from_date.has_value() != to_date.has_value()) throw BadScenario(place, "no range: " + word);
  if (*to - *from > range_values_max) throw BadScenario(place, "too long a range: " + word);
  const auto width = first.front() == '0' ? first.size() : 1;
  for (long value = *from; value <= *to; value += step) {
    values.push_back(from_date ? base::to_string(base::Date{static_cast<std::int32_t>(value)})
                               : fmt::format("{:0{}}", value, width));
  }
}

struct Loop {
  std::string variable;
  std::vector<std::string> values;
};

// for NAME in VALUE… [step N]
Loop parse_loop(const Line& header, const std::string& text) {
  auto words = split_words(text, header.place);
  if (words.size() < 4 || words[2] != "in") throw BadScenario(header.place, "for NAME in VALUE… [step N]");
  long step = 1;
  if (words.size() > 5 && words[words.size() - 2] == "step") {
    step = whole_number(words.back()).value_or(0);
    if (step <= 0) throw BadScenario(header.place, "a step is a whole number from 1");
    words.resize(words.size() - 2);
  }
  Loop loop{words[1], {}};
  for (std::size_t i = 3; i < words.size(); ++i) add_values(words[i], step, header.place, loop.values);
  return loop;
}

class Expansion {
 public:
  std::vector<Line> take() { return std::move(lines_); }

  void expand(const std::vector<Line>& lines, const Variables& variables, std::ptrdiff_t shift, int depth) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Line& line_read = lines[i];
      std::string text = substitute(line_read.text, variables);
      const auto indent = static_cast<std::ptrdiff_t>(line_read.indent) + shift;
      if (text.starts_with("for ")) {
        auto end = i + 1;
        while (end < lines.size() && (lines[end].text.empty() || lines[end].indent > line_read.indent)) ++end;
        const std::vector<Line> block(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                      lines.begin() + static_cast<std::ptrdiff_t>(end));
        repeat(parse_loop(line_read, text), block, variables, indent, depth);
        i = end - 1;
      } else if (text.starts_with("use ")) {
        include(line_read, text, indent, depth);
      } else {
        lines_.push_back(
            {line_read.place, static_cast<std::size_t>(std::max<std::ptrdiff_t>(indent, 0)), std::move(text)});
      }
    }
  }

 private:
  void repeat(const Loop& loop, const std::vector<Line>& block, const Variables& variables, std::ptrdiff_t indent,
              int depth) {
    auto least = block.size() ? std::string::npos : 0;
    for (const Line& one : block) {
      if (!one.text.empty()) least = std::min(least, one.indent);
    }
    if (least == std::string::npos) return;
    for (const std::string& value : loop.values) {
      Variables inner = variables;
      inner[loop.variable] = value;
      expand(block, inner, indent - static_cast<std::ptrdiff_t>(least), depth);
    }
  }

  // use PATH [NAME=VALUE …]
  void include(const Line& header, const std::string& text, std::ptrdiff_t indent, int depth) {
    if (depth >= nested_files_max) throw BadScenario(header.place, "files use one another too deeply");
    const auto words = split_words(text, header.place);
    Variables variables;
    for (std::size_t i = 2; i < words.size(); ++i) {
      const auto equals = words[i].find('=');
      if (equals == std::string::npos) throw BadScenario(header.place, "use PATH [NAME=VALUE …]");
      variables[words[i].substr(0, equals)] = words[i].substr(equals + 1);
    }
    const auto path = std::filesystem::path(header.place.file).parent_path() / words.at(1);
    std::ifstream in(path, std::ios::binary);
    if (!in) throw BadScenario(header.place, "cannot read " + path.string());
    std::ostringstream content;
    content << in.rdbuf();
    expand(split(content.str(), path.string()), variables, indent, depth + 1);
  }

  std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> expand_lines(std::string_view text, const std::filesystem::path& file) {
  Expansion expansion;
  expansion.expand(split(text, file.string()), {}, 0, 0);
  return expansion.take();
}

std::vector<Line> read_lines(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw BadScenario({file.string(), 0}, "cannot be read");
  std::ostringstream content;
  content << in.rdbuf();
  return expand_lines(content.str(), file);
}

}  // namespace tamroi::scenarios
