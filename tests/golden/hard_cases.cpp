#include "golden/hard_cases.h"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace tamroi::golden {
namespace {

// $7 is the id 018f0000-0000-7000-8000-000000000007; [[3 ab]] is ababab.
std::string written_out(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool many = text.starts_with("[[") && text.size() > 2 && text[2] >= '0' && text[2] <= '9';
    const bool id = text.size() > 1 && text[0] == '$' && text[1] >= '0' && text[1] <= '9';
    if (!many && !id) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(many ? 2 : 1);
    std::uint32_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (id) {
      out += fmt::format("018f0000-0000-7000-8000-{:012}", number);
      continue;
    }
    const auto close = text.find("]]");
    if (close == std::string_view::npos) throw std::runtime_error("a [[ without its end");
    while (number-- > 0) out += text.substr(1, close - 1);
    text.remove_prefix(close + 2);
  }
  return out;
}

std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

}  // namespace

std::vector<HardCase> read_hard_cases(std::string_view text) {
  std::vector<HardCase> cases;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    const auto when = take_word(line);
    const auto at = base::parse_instant(fmt::format("{}+07:00", when));
    if (!at) throw std::runtime_error(fmt::format("no time: {}", when));
    const auto where = take_word(line);
    cases.push_back({*at, std::string(where), written_out(line)});
  }
  return cases;
}

}  // namespace tamroi::golden
