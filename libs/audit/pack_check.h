#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/manifest.h"
#include "audit/policy.h"
#include "event/ledger_entry.h"

namespace tamroi::audit {

// A pack's folder as it was read.
struct PackFolder {
  std::vector<std::string> paths;  // of every file, also of those that do not belong there; in any order
  // The bytes of one of them; they stay where they are as long as the folder.
  std::function<std::string_view(const std::string& path)> read;
};

// Where a pack differs first from what it should be.
struct Difference {
  std::string where;  // "24:17", or a file's path
  std::string what;   // a sentence
  bool operator==(const Difference&) const = default;
};

// A pack whose every byte of records, outcomes and log was found to be proved by its checkpoint. Borrows from the folder.
struct ProvenPack {
  Manifest manifest;
  SignedCheckpoint checkpoint;
  struct Stream {
    std::vector<event::Leaf> leaves;        // by offset
    std::vector<std::string_view> records;  // as many
    std::vector<std::string_view> outcomes;
  };
  std::map<event::Stream, Stream> streams;
  std::uint64_t bytes = 0;  // of records and outcomes
};

// Checks a pack without anything but hashes and signatures: that the checkpoint is good under the policy, the log that of the
// checkpoint, each stream complete, each record and outcome the one that the log vouches for, and no other file is there.
//
// `since`: checkpoints of the same log that were seen earlier, of which the pack's must be a continuation.
// Not here: that outcomes follow from records; see services/verify.
[[nodiscard]] std::expected<ProvenPack, Difference> prove_pack(const PackFolder& folder, const Policy& policy,
                                                               const std::vector<Checkpoint>& since = {});

// A whole log out of its tiles and bundles alone.
struct LogFiles {
  // The bytes stay where they are until the next bundle or, of a tile, the next tile is read.
  std::function<std::optional<std::string_view>(const std::string& path)> read;  // "tile/…", "checkpoint"
};
// Reads all entries of a log, compares every tile with what they give, and the root with the checkpoint's and those of earlier
// checkpoints. `visit` gets each entry, and may object. Gives the paths that belong to it, the checkpoint's not.
[[nodiscard]] std::expected<std::vector<std::string>, Difference> prove_log(
    const LogFiles& files, const Checkpoint& checkpoint, const std::vector<Checkpoint>& since,
    const std::function<std::optional<Difference>(std::uint64_t index, std::string_view entry)>& visit);

}  // namespace tamroi::audit
