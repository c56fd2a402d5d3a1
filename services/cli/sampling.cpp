#include "cli/sampling.h"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace tamroi::cli {
namespace {

void print_finding(const std::string& file, std::size_t line, const std::string& why, const Screen& screen) {
  screen.errors << paint(screen.errors_look, Tone::Bad, fmt::format("{}:{}: {}", file, line, why)) << '\n';
}

}  // namespace

std::unique_ptr<sample::History> begin_history(const SampleSource& source, const sample::Wish& wish,
                                               const Screen& screen) {
  const auto described = sample::read_description(source.description_name, source.description);
  for (const auto& finding : described.findings) print_finding(finding.file, finding.line, finding.why, screen);
  const auto parsed = catalogue::Units::parse_csv(source.units);
  for (const auto& [line, why] : parsed.problems) print_finding(source.units_name, line, why, screen);
  if (described.description == nullptr || !parsed.problems.empty()) return nullptr;
  try {
    return std::make_unique<sample::History>(described.description, parsed.units, wish);
  } catch (const std::invalid_argument& error) {
    screen.errors << error.what() << '\n';
    return nullptr;
  }
}

Exit write_history(sample::History& history, std::ostream& out, const Screen& screen) {
  std::uint64_t submissions = 0;
  std::uint64_t controls = 0;
  std::uint64_t bytes = 0;
  while (const auto line = history.next()) {
    const auto text = to_text(*line);
    out << text;
    if (!out) throw std::system_error(errno, std::generic_category(), "The sample could not be written");
    ++(line->control ? controls : submissions);
    bytes += text.size();
  }
  out.flush();
  if (!out) throw std::system_error(errno, std::generic_category(), "The sample could not be written");
  screen.errors << fmt::format("{} submissions and {} controls, {:.1f} MB.\n", submissions, controls,
                               static_cast<double>(bytes) / 1e6);
  return Exit::Done;
}

}  // namespace tamroi::cli
