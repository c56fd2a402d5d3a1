#include "cli/catalogue_check.h"

#include <algorithm>
#include <expected>
#include <fstream>
#include <sstream>
#include <string>

#include <boost/json.hpp>

#include <fmt/format.h>

#include "catalogue/bundle.h"

namespace tamroi::cli {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using catalogue::Finding;

// A catalogue's files, and where each of them lies.
struct Folder {
  catalogue::Bundle bundle;
  std::map<std::string, std::string> paths;
};

constexpr auto units_name = "units.csv";
constexpr auto shared_units = "../../org/org-units.csv";

std::expected<void, std::string> add(Folder& folder, const std::string& name, const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return std::unexpected(fmt::format("{} cannot be read.", path.string()));
  folder.bundle[name] = text.str();
  folder.paths[name] = path.lexically_normal().string();
  return {};
}

std::expected<Folder, std::string> read(const fs::path& path) {
  std::error_code error;
  Folder folder;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    const auto ending = entry.path().extension();
    if (ending != ".yaml" && ending != ".csv") continue;
    if (auto read = add(folder, entry.path().filename().string(), entry.path()); !read)
      return std::unexpected(read.error());
  }
  if (error)
    return std::unexpected(fmt::format("{} is no folder that can be read: {}.", path.string(), error.message()));
  if (folder.bundle.empty()) {
    return std::unexpected(fmt::format("{} holds no catalogue: no file there ends in .yaml.", path.string()));
  }
  if (!folder.bundle.contains(units_name) && fs::exists(path / shared_units, error)) {
    if (auto read = add(folder, units_name, path / shared_units); !read) return std::unexpected(read.error());
  }
  return folder;
}

bool is_error(const Finding& finding) { return finding.severity == Finding::Severity::Error; }

// What concerns a whole file is said of its first line.
std::size_t line_of(const Finding& finding) { return std::max<std::size_t>(1, finding.line); }

std::string path_of(const Finding& finding, const Folder& folder, const fs::path& path) {
  const auto known = folder.paths.find(finding.file);
  return known == folder.paths.end() ? (path / finding.file).lexically_normal().string() : known->second;
}

void print(const Finding& finding, const std::string& path, const Screen& screen) {
  const auto line =
      fmt::format("{}:{}: {}{}", path, line_of(finding), is_error(finding) ? "" : "warning: ", finding.why);
  screen.output << paint(screen.look, is_error(finding) ? Tone::Bad : Tone::Plain, line) << '\n';
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::expected<catalogue::Bundle, std::string> read_catalogue(const fs::path& path) {
  auto folder = read(path);
  if (!folder) return std::unexpected(std::move(folder.error()));
  return std::move(folder->bundle);
}

Exit check_catalogue(const fs::path& path, const fs::path& against, const Screen& screen) {
  const auto folder = read(path);
  const auto before = against.empty() ? std::expected<Folder, std::string>() : read(against);
  if (!folder || !before) {
    screen.errors << (folder ? before.error() : folder.error()) << '\n';
    return Exit::WrongUsage;
  }
  auto compiled = catalogue::compile(folder->bundle);
  auto& findings = compiled.findings;
  if (!against.empty()) {
    const auto published = catalogue::compile(before->bundle);
    if (!published.plan) {
      screen.errors << fmt::format("{} is itself no valid catalogue; check it alone first.\n", against.string());
      return Exit::WrongUsage;
    }
    if (compiled.plan)
      std::ranges::copy(catalogue::compare(*published.plan, *compiled.plan), std::back_inserter(findings));
  }
  const auto errors = static_cast<std::size_t>(std::ranges::count_if(findings, is_error));
  const auto summary = fmt::format("{}, {}", counted(errors, "error"), counted(findings.size() - errors, "warning"));
  json::array listed;
  for (const auto& finding : findings) {
    const auto file = path_of(finding, *folder, path);
    if (!screen.json) print(finding, file, screen);
    listed.push_back({{"severity", is_error(finding) ? "error" : "warning"},
                      {"file", file},
                      {"line", line_of(finding)},
                      {"why", finding.why}});
  }
  if (screen.json) {
    screen.output << json::serialize(json::object{{"valid", errors == 0}, {"findings", std::move(listed)}}) << '\n';
  } else if (compiled.plan) {
    const auto& plan = *compiled.plan;
    screen.output << fmt::format("Round {}: {}, {}, {}; {}\n", plan.round, counted(plan.indicators.size(), "indicator"),
                                 counted(plan.fact_types.size(), "fact type"),
                                 counted(plan.revisions.size(), "revision"), summary);
  } else {
    screen.output << summary << '\n';
  }
  return errors == 0 ? Exit::Done : Exit::Refused;
}

}  // namespace tamroi::cli
