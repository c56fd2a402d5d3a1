#include "projection/evidence.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/sha256.h"
#include "disk/files.h"

namespace tamroi::projection {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".txt";

}  // namespace

Evidence::Evidence(fs::path folder, telemetry::Log& log, telemetry::Metrics& metrics)
    : folder_(std::move(folder)), log_(log),
      found_gauge_(metrics.gauge("tamroi_log_contradictions", "Files of evidence that two checkpoints of the log contradict one another.")) {
  found_gauge_.set(static_cast<double>(count()));
}

std::size_t Evidence::count() const {
  std::error_code error;
  std::size_t files = 0;
  for (fs::directory_iterator each(folder_, error), end; !error && each != end; each.increment(error)) files += each->path().extension() == ending ? 1 : 0;
  return files;
}

void Evidence::keep(const std::string& why, std::span<const std::string> notes) {
  std::string text = why + "\n";
  for (const auto& note : notes) text += "\n----\n" + note;
  const auto file = folder_ / (base::to_hex(base::sha256(text)).substr(0, 16) + std::string(ending));
  const std::scoped_lock lock(mutex_);
  if (fs::exists(file)) return;
  log_.error("the log contradicts itself", {{"why", why}, {"evidence", file.string()}, {"text", text}});
  try {
    fs::create_directories(folder_);
    disk::write_file(file, text, disk::Readers::Owner);
  } catch (const std::system_error& failure) {
    log_.error("evidence not kept", {{"why", failure.what()}});
  }
  found_gauge_.set(std::max(1.0, static_cast<double>(count())));
}

std::string Evidence::trouble() {
  const auto found = count();
  found_gauge_.set(static_cast<double>(found));
  if (found == 0) return {};
  return fmt::format("Checkpoints of the log contradict one another: {} holds {} files of evidence. See the runbook, TamroiLogContradicted.", folder_.string(), found);
}

}  // namespace tamroi::projection
