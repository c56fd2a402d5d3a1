#include "access/access_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace tamroi::access {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds pause_after_failure{500};
constexpr std::size_t lines_at_once = 256;

[[noreturn]] void fail(const fs::path& path) { throw std::system_error(errno, std::generic_category(), path.string()); }

void sync_folder(const fs::path& folder) {
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = number >= 0 && ::fsync(number) == 0;
  const int why = errno;
  if (number >= 0) ::close(number);
  if (!done) throw std::system_error(why, std::generic_category(), folder.string());
}

}  // namespace

// The one that is appended to.
class AccessLog::File {
 public:
  // What lies behind `size` is cut off.
  File(fs::path path, std::uint64_t size) : path_(std::move(path)), size_(size), number_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {
    if (number_ < 0) fail(path_);
    if (::ftruncate(number_, static_cast<off_t>(size)) == 0 && ::lseek(number_, 0, SEEK_END) >= 0) return;
    const int why = errno;
    ::close(number_);
    throw std::system_error(why, std::generic_category(), path_.string());
  }
  ~File() { ::close(number_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0) fail(path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
      size_ += static_cast<std::uint64_t>(written);
    }
    if (::fdatasync(number_) != 0) fail(path_);
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  const fs::path path_;
  std::uint64_t size_;
  const int number_;
};

AccessLog::AccessLog(Options options, telemetry::Log& log, telemetry::Metrics& metrics)
    : options_(std::move(options)), log_(log),
      lines_counter_(metrics.counter("tamroi_access_lines_total", "Lines that were added to the access log.")),
      failures_counter_(metrics.counter("tamroi_access_failures_total", "How often the access log could not be written.")),
      waiting_gauge_(metrics.gauge("tamroi_access_waiting", "What was noted and is not in the access log yet.")) {
  fs::create_directories(options_.folder);
  fs::permissions(options_.folder, fs::perms::owner_all);
  open();
  head_ = written_;
  thread_ = std::thread([this] { run(); });
}

AccessLog::~AccessLog() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    wake_.notify_all();
  }
  thread_.join();
}

void AccessLog::open() {
  const auto files = files_of(options_.folder);
  FileEnd end;
  // A newest one without a whole line says nothing of the one before.
  if (files.size() > 1) end = end_of(files[files.size() - 2], {});
  if (!files.empty()) end = end_of(files.back(), end.head);
  file_ = std::make_unique<File>(files.empty() ? file_at(options_.folder, 0) : files.back().path, end.bytes);
  sync_folder(options_.folder);
  written_ = end.head;
}

bool AccessLog::note(Access access) {
  const std::scoped_lock lock(mutex_);
  if (waiting_.size() >= options_.waiting_max) return false;
  waiting_.push_back(std::move(access));
  wake_.notify_all();
  return true;
}

bool AccessLog::settle(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, within, [this] { return waiting_.empty(); });
}

Head AccessLog::head() const {
  const std::scoped_lock lock(mutex_);
  return head_;
}

std::vector<std::string> AccessLog::read(std::uint64_t from, std::size_t count) const {
  const auto until = head().next;
  if (from >= until) return {};
  return read_lines(options_.folder, from, std::min<std::uint64_t>(count, until - from));
}

std::string AccessLog::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

void AccessLog::copy_to(const fs::path& folder) {
  fs::create_directories(folder);
  // The last may be copied within a line, which an opening cuts.
  for (const auto& file : files_of(options_.folder)) fs::copy_file(file.path, folder / file.path.filename());
}

void AccessLog::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
    waiting_gauge_.set(static_cast<double>(waiting_.size()));
    if (waiting_.empty()) return;
    const std::vector<Access> batch(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), lines_at_once)));
    const auto first = head_.next;
    lock.unlock();
    std::string why;
    try {
      // After a failure it is unknown what became of the last lines: the file tells.
      if (file_ == nullptr) open();
      if (written_.next < first) throw std::system_error(std::make_error_code(std::errc::io_error), "lines are gone that were on the disk");
      if (written_.next == first) write(batch);
    } catch (const std::system_error& failure) {
      why = failure.what();
      file_.reset();
    }
    lock.lock();
    if (!why.empty()) {
      failures_counter_.add();
      if (trouble_.empty()) log_.error("access log not written", {{"why", why}});
      trouble_ = why;
      if (stopped_) return;
      wake_.wait_for(lock, pause_after_failure, [this] { return stopped_; });
      continue;
    }
    const auto done = written_.next - first;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
    lines_counter_.add(static_cast<double>(done));
    head_ = written_;
    trouble_.clear();
    wake_.notify_all();
  }
}

void AccessLog::write(const std::vector<Access>& batch) {
  if (file_->size() >= options_.file_bytes_max) {
    file_ = std::make_unique<File>(file_at(options_.folder, written_.next), 0);
    sync_folder(options_.folder);
  }
  auto head = written_;
  std::string bytes;
  for (const auto& access : batch) {
    const auto line = encode(Line{head.next, head.sha256, access});
    head = {head.next + 1, base::sha256(line)};
    bytes.append(line).append("\n");
  }
  file_->append(bytes);
  written_ = head;
}

}  // namespace tamroi::access
