#include "readmodel/generations.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "readmodel/database.h"
#include "readmodel/durable_file.h"

namespace tamroi::readmodel {
namespace {

namespace fs = std::filesystem;

void clear_away(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) throw ReadModelUnavailable(error, "removing " + path.string());
}

// "2 1" is current and previous; a read model without a previous one has only the first.
std::vector<Generations::Number> numbers(std::string_view text) {
  std::vector<Generations::Number> found;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (Generations::Number number = 0; at != end;) {
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc{} || number == 0 || stop == end) return {};
    found.push_back(number);
    at = stop + 1;
  }
  return found;
}

}  // namespace

Generations::Generations(std::string directory) : directory_(std::move(directory)) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) throw ReadModelUnavailable(error, "making the directory " + directory_ + " of the read model");
  const auto known = numbers(text_of(fs::path(directory_) / "CURRENT"));
  if (known.empty()) {
    for (const auto& entry : fs::directory_iterator(directory_)) clear_away(entry.path());
    write();
  } else {
    current_ = known.front();
    if (known.size() > 1) previous_ = known[1];
  }
}

Generations::Number Generations::next() const { return std::max(current_, previous_.value_or(0)) + 1; }

std::string Generations::path(Number generation) const { return fs::path(directory_) / std::to_string(generation); }

std::string Generations::tables(Number generation) const { return path(generation) + "-tables"; }

void Generations::make_current(Number generation) {
  if (generation == current_) return;
  previous_ = current_;
  current_ = generation;
  write();
}

void Generations::replace_current(Number generation) {
  current_ = generation;
  write();
}

void Generations::write() const {
  write_durably(fs::path(directory_) / "CURRENT", previous_ ? fmt::format("{} {}\n", current_, *previous_) : fmt::format("{}\n", current_));
}

void Generations::tidy() const {
  for (const auto& entry : fs::directory_iterator(directory_)) {
    const auto name = entry.path().filename().string();
    const bool kept = name == "CURRENT" || name == std::to_string(current_) || (previous_ && name == std::to_string(*previous_));
    if (!kept) clear_away(entry.path());
  }
}

std::unique_ptr<ReadModel> open_current(Generations& generations, const ReadModelOptions& options) {
  const auto fits = [&](Generations::Number number) { return Database::fits(generations.path(number)); };
  const auto before = generations.previous();
  if (!fits(generations.current()) && before && std::filesystem::exists(generations.path(*before)) && fits(*before)) {
    generations.make_current(*before);  // a program was put back
  } else if (!fits(generations.current())) {
    const auto next = generations.next();
    clear_away(generations.path(next));
    generations.make_current(next);
    generations.tidy();
  }
  return open_read_model(generations.path(generations.current()), options);
}

}  // namespace tamroi::readmodel
