#include "setup/heads.h"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/json.h"
#include "base/sha256.h"
#include "disk/files.h"

namespace tamroi::setup {
namespace {

namespace json = boost::json;

constexpr int format = 1;
constexpr std::chrono::seconds pause{1};

std::string text_of(const std::map<event::Stream, Heads::Head>& heads) {
  json::object streams;
  for (const auto& [stream, head] : heads) {
    streams[event::to_string(stream)] = json::object{{"end", head.end}, {"record_sha256", head.record_sha256}};
  }
  return json::serialize(json::object{{"format", format}, {"streams", std::move(streams)}}) + "\n";
}

std::optional<Heads::Head> head_of(base::JsonValue value) {
  const auto end = value.member("end");
  const auto digest = value.member("record_sha256");
  if (!end.is(base::JsonValue::Type::Number) || !digest.is(base::JsonValue::Type::String)) return std::nullopt;
  const auto whole = end.integer();
  if (!whole || *whole < 1) return std::nullopt;
  return Heads::Head{static_cast<event::Offset>(*whole), std::string(digest.text())};
}

std::optional<std::map<event::Stream, Heads::Head>> heads_in(const std::string& text) {
  base::Json document;
  const auto root = document.parse(text);
  if (!root || root->member("format").integer() != format || !root->member("streams").is(base::JsonValue::Type::Object)) return std::nullopt;
  std::map<event::Stream, Heads::Head> heads;
  for (auto each = root->member("streams").first(); each; each = each.next()) {
    const auto stream = event::parse_stream(each.key());
    const auto head = head_of(each);
    if (!stream || !head) return std::nullopt;
    heads[*stream] = *head;
  }
  return heads;
}

}  // namespace

Heads::Heads(std::filesystem::path file, journal::Journal& journal, telemetry::Log& log) : file_(std::move(file)), journal_(journal), log_(log) {
  if (std::filesystem::exists(file_)) {
    compare();
  } else if (!journal_.streams().empty()) {
    log_.warning("no heads to compare the journal with", {{"file", file_.string()}});
  }
}

Heads::~Heads() { stop(); }

void Heads::compare() {
  const auto kept = heads_in(disk::read_file(file_));
  if (!kept) {
    throw std::runtime_error(fmt::format("{} cannot be read, so it is not known where the journal ended. If the journal is whole, remove "
                                         "that file and start again.", file_.string()));
  }
  for (const auto& [stream, head] : *kept) {
    const auto name = event::to_string(stream);
    const auto end = journal_.end(stream);
    std::string why;
    if (end < head.end) {
      why = fmt::format("stream {} ends at offset {}, but ended at {} before", name, end, head.end);
    } else if (base::to_hex(base::sha256(journal_.read(stream, head.end - 1, 1, 0).at(0).bytes)) != head.record_sha256) {
      why = fmt::format("stream {} has another record at offset {} than before", name, head.end - 1);
    }
    if (why.empty()) continue;
    throw std::runtime_error(fmt::format("The journal lost records that were durable: {}. Restore a backup that has them. To go on without "
                                         "them, for ever, remove {} and the read model, and start again.", why, file_.string()));
  }
  heads_ = *kept;
}

void Heads::start() {
  thread_ = std::thread([this] { run(); });
}

void Heads::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    wake_.notify_all();
  }
  if (!thread_.joinable()) return;
  thread_.join();
  write();
}

void Heads::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    lock.unlock();
    write();
    lock.lock();
    wake_.wait_for(lock, pause, [this] { return stopped_; });
  }
}

bool Heads::write() {
  try {
    advance();
    if (moved_) disk::write_file(file_, text_of(heads_), disk::Readers::Owner);
    moved_ = false;
    return true;
  } catch (const std::system_error& failure) {
    log_.warning("heads not written", {{"why", failure.what()}});
    return false;
  }
}

void Heads::advance() {
  for (const auto stream : journal_.streams()) {
    auto& head = heads_[stream];
    const auto end = journal_.end(stream);
    if (head.end == end) continue;
    head.record_sha256 = base::to_hex(base::sha256(journal_.read(stream, end - 1, 1, 0).at(0).bytes));
    head.end = end;
    moved_ = true;
  }
}

}  // namespace tamroi::setup
