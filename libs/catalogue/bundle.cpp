#include "catalogue/bundle.h"

#include <algorithm>

#include <fmt/format.h>

#include "catalogue/draft.h"

namespace tamroi::catalogue {
namespace {

constexpr std::string_view units_file = "units.csv";

void append_sized(std::string& bytes, std::string_view text) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes += static_cast<char>((static_cast<std::uint64_t>(text.size()) >> shift) & 0xFF);
  }
  bytes += text;
}

bool is_indicator_file(std::string_view path) {
  constexpr std::string_view prefix = "indicator-";
  constexpr std::string_view suffix = ".yaml";
  if (!path.starts_with(prefix) || !path.ends_with(suffix)) return false;
  path.remove_prefix(prefix.size());
  path.remove_suffix(suffix.size());
  return !path.empty() && path.size() <= 6 && path[0] != '0' &&
         std::ranges::all_of(path, [](char c) { return c >= '0' && c <= '9'; });
}

struct File {
  Reporter reporter;
  Value value;
};

class Compiler {
 public:
  explicit Compiler(const Bundle& bundle) : bundle_(bundle) {}

  Compiled compile();

 private:
  void parse_files();
  void read_units(const std::string& csv);
  void read_files();
  void finish();
  void check_limits();
  [[nodiscard]] bool failed() const {
    return std::ranges::find(findings_, Finding::Severity::Error, &Finding::severity) != findings_.end();
  }
  File* file(const std::string& path) {
    const auto at = files_.find(path);
    return at == files_.end() ? nullptr : &at->second;
  }

  const Bundle& bundle_;
  std::vector<Finding> findings_;
  std::map<std::string, File> files_;
  std::map<std::uint32_t, File*> indicator_files_;
  Draft draft_;
};

void Compiler::read_units(const std::string& csv) {
  auto [units, problems] = Units::parse_csv(csv);
  Reporter reporter(std::string(units_file), findings_);
  for (auto& [line, why] : problems) reporter.error(line, std::move(why));
  draft_.plan.units = std::move(units);
}

void Compiler::parse_files() {
  const std::vector<std::string_view> known{"round.yaml", "words.yaml", "facts.yaml", "disputes.yaml", units_file};
  for (const auto& [path, text] : bundle_) {
    Reporter reporter(path, findings_);
    const bool indicator = is_indicator_file(path);
    if (!indicator && std::ranges::find(known, path) == known.end()) {
      reporter.unknown(0, "file", path, known);
    } else if (path == units_file) {
      read_units(text);
    } else if (auto value = parse_yaml(text, reporter)) {
      files_.try_emplace(path, File{reporter, std::move(*value)});
    }
  }
  for (const std::string_view path : known) {
    if (!bundle_.contains(std::string(path)) && path != "disputes.yaml") {
      Reporter(std::string(path), findings_).error(0, "The file is missing.");
    }
  }
  for (auto& [path, parsed] : files_) {
    if (!is_indicator_file(path)) continue;
    const auto number = static_cast<std::uint32_t>(std::stoul(path.substr(path.find('-') + 1)));
    indicator_files_[number] = &parsed;
    draft_.indicator_numbers.push_back(number);
  }
  std::ranges::sort(draft_.indicator_numbers);
  if (draft_.indicator_numbers.empty()) Reporter("indicator-1.yaml", findings_).error(0, "There is no indicator.");
}

void Compiler::read_files() {
  for (auto& [number, parsed] : indicator_files_) read_indicator(parsed->value, parsed->reporter, draft_);
  File* words = file("words.yaml");
  read_words(words->value, words->reporter, draft_.plan);
  File* facts = file("facts.yaml");
  read_facts(facts->value, facts->reporter, draft_);
  File* round = file("round.yaml");
  read_round(round->value, round->reporter, draft_.plan);
  if (File* disputes = file("disputes.yaml")) read_disputes(disputes->value, disputes->reporter, draft_.plan);
  for (auto& [number, parsed] : indicator_files_) read_bands(parsed->value, parsed->reporter, draft_);
  Index index = 0;
  for (auto& [number, parsed] : indicator_files_) read_measures(parsed->value, parsed->reporter, draft_, index++);
  index = 0;
  for (auto& [number, parsed] : indicator_files_) read_ladders(parsed->value, parsed->reporter, draft_, index++);
}

// What the fold keeps as the bits of one number.
void Compiler::check_limits() {
  constexpr std::size_t bits = 64;
  const Plan& plan = draft_.plan;
  std::vector<std::size_t> over(plan.registers.size());
  for (const Measure& measure : plan.measures) {
    const Index reg = measure.domain.entity_register;
    if (reg == none || ++over[reg] != bits + 1) continue;
    Reporter("words.yaml", findings_)
        .error(0, fmt::format("More than {} measures are over the register \"{}\".", bits, plan.registers[reg].name));
  }
  for (const Indicator& indicator : plan.indicators) {
    std::size_t requirements = 0;
    if (indicator.ladders.empty()) continue;
    for (const LadderLevel& level : indicator.ladders.front().levels) requirements += level.evidence.size();
    if (requirements <= bits) continue;
    Reporter(fmt::format("indicator-{}.yaml", indicator.number), findings_)
        .error(0, fmt::format("An indicator has at most {} requirements, not {}.", bits, requirements));
  }
}

void Compiler::finish() {
  check_limits();
  Plan& plan = draft_.plan;
  std::int64_t weights = 0;
  for (const Indicator& indicator : plan.indicators) weights += indicator.weight_hundredths;
  if (weights > 10'000) {
    Reporter("round.yaml", findings_)
        .error(0, fmt::format("The weights of all indicators are {}.{:02} % together, more than 100 %.", weights / 100,
                              weights % 100));
  }
  for (Index i = 0; i < plan.terms.size(); ++i) {
    if (plan.terms[i].fact != none) plan.fact_types[plan.terms[i].fact].feeds.push_back(i);
  }
  plan.files_sha256 = digest(bundle_);
  if (!failed()) lint(draft_, findings_);
}

Compiled Compiler::compile() {
  parse_files();
  // What refers to a file that cannot be read would only be reported again.
  if (!failed()) {
    read_files();
    finish();
  }
  std::ranges::sort(findings_, {},
                    [](const Finding& finding) { return std::tie(finding.file, finding.line, finding.why); });
  if (failed()) return {nullptr, std::move(findings_)};
  return {std::make_shared<const Plan>(std::move(draft_.plan)), std::move(findings_)};
}

}  // namespace

base::Digest digest(const Bundle& bundle) {
  std::string bytes;
  for (const auto& [path, text] : bundle) {
    append_sized(bytes, path);
    append_sized(bytes, text);
  }
  return base::sha256(bytes);
}

Compiled compile(const Bundle& bundle) { return Compiler(bundle).compile(); }

}  // namespace tamroi::catalogue
