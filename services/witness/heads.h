#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "audit/witnessing.h"

namespace tamroi::witness {

// The last checkpoint of each log that this witness cosigned, on disk: a file a log, the note as it is shown, called by the
// SHA-256 of the log's origin. Beside it are pairs of checkpoints that contradict each other.
//
// Invariants: a head is durable before put() returns; it is never one of fewer entries than before.
// Threads:    one at a time.
// Errors:     throws std::system_error where the folder cannot be read or written, or another process has it. After a write
//             that failed what is on disk is unknown, and put() refuses until the folder is opened anew.
class Heads {
 public:
  explicit Heads(std::filesystem::path folder);
  ~Heads();
  Heads(const Heads&) = delete;
  Heads& operator=(const Heads&) = delete;

  // What was stored of a log; throws std::runtime_error unless it is signed by the log and by this witness.
  void load(const audit::Verifier& log, const audit::Verifier& own);
  [[nodiscard]] audit::Seen seen(const std::string& origin) const;
  // The note that is shown; nothing before the first.
  [[nodiscard]] std::optional<std::string> shown(const std::string& name) const;
  void put(const audit::SignedCheckpoint& checkpoint);
  // Keeps a checkpoint that contradicts the head, beside the head as it is; so many at most of a log.
  void keep_evidence(const std::string& origin, std::string_view contradicting);

  static constexpr std::size_t evidence_max = 100;

 private:
  struct Head {
    audit::Checkpoint checkpoint;
    std::string note;
  };
  std::filesystem::path folder_;
  int lock_ = -1;
  bool failed_ = false;
  std::map<std::string, Head> heads_;  // by name
};

// Where a log's head is shown: the hex digits of SHA-256 of its origin.
[[nodiscard]] std::string name_of(std::string_view origin);

}  // namespace tamroi::witness
