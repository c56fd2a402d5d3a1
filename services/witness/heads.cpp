#include "witness/heads.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "base/check.h"
#include "disk/files.h"

namespace tamroi::witness {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path) { throw std::system_error(errno, std::generic_category(), path.string()); }

}  // namespace

std::string name_of(std::string_view origin) { return base::to_hex(base::sha256(origin)); }

Heads::Heads(fs::path folder) : folder_(std::move(folder)) {
  fs::create_directories(folder_);
  const auto path = folder_ / "lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) fail(path);
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  const int error = errno;
  ::close(lock_);
  errno = error;
  fail(path);
}

Heads::~Heads() { ::close(lock_); }

void Heads::load(const audit::Verifier& log, const audit::Verifier& own) {
  const auto name = name_of(log.name());
  const auto path = folder_ / name;
  if (!fs::exists(path)) return;
  auto note = disk::read_file(path);
  const auto opened = audit::open_checkpoint(note, log);
  const auto signers = opened ? audit::signed_by(opened->note, {&own, 1}) : std::unexpected(opened.error());
  if (!signers || signers->empty()) {
    throw std::runtime_error(fmt::format("{}: it is not what this witness stored of {}: {}", path.string(), log.name(),
                                         signers ? "it did not sign it" : signers.error()));
  }
  heads_[name] = {opened->checkpoint, std::move(note)};
}

audit::Seen Heads::seen(const std::string& origin) const {
  const auto found = heads_.find(name_of(origin));
  if (found == heads_.end()) return {};
  return {found->second.checkpoint.size, found->second.checkpoint.root};
}

std::optional<std::string> Heads::shown(const std::string& name) const {
  const auto found = heads_.find(name);
  if (found == heads_.end()) return std::nullopt;
  return found->second.note;
}

void Heads::put(const audit::SignedCheckpoint& opened) {
  const auto name = name_of(opened.checkpoint.origin);
  CHECK(opened.checkpoint.size >= seen(opened.checkpoint.origin).size);
  auto note = audit::to_string(opened.note);
  if (failed_) throw std::system_error(EIO, std::generic_category(), (folder_ / name).string() + ": an earlier write failed; start the witness anew");
  failed_ = true;
  disk::write_file(folder_ / name, note, disk::Readers::Everybody);
  failed_ = false;
  heads_[name] = {opened.checkpoint, std::move(note)};
}

void Heads::keep_evidence(const std::string& origin, std::string_view contradicting) {
  const auto name = name_of(origin);
  const auto evidence = folder_ / "evidence";
  fs::create_directories(evidence);
  const auto digest = base::to_hex(base::sha256(contradicting)).substr(0, 16);
  const auto path = evidence / fmt::format("{}-{}", name, digest);
  const auto of_log = [&](const auto& entry) { return entry.path().filename().string().starts_with(name); };
  if (fs::exists(path) || std::ranges::count_if(fs::directory_iterator(evidence), of_log) >= static_cast<std::ptrdiff_t>(evidence_max)) return;
  const auto head = heads_.find(name);
  const auto before = head == heads_.end() ? std::string() : head->second.note;
  disk::write_file(path, fmt::format("{}\n{}", before, contradicting), disk::Readers::Everybody);
}

}  // namespace tamroi::witness
