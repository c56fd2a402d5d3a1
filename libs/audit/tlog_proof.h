#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "audit/policy.h"
#include "audit/proofs.h"

// That an entry is in a log, for whoever cannot ask the log (c2sp.org/tlog-proof).
namespace tamroi::audit {

struct TlogProof {
  std::optional<std::string> extra;  // not vouched for by anybody
  std::uint64_t index = 0;
  Proof path;
  std::string checkpoint;  // a signed note, as it was published
  bool operator==(const TlogProof&) const = default;
};

[[nodiscard]] std::string to_string(const TlogProof& proof);
// The error is a sentence.
[[nodiscard]] std::expected<TlogProof, std::string> parse_tlog_proof(std::string_view bytes);
// That the entry is in the log whose checkpoint is good under the policy. The error is a sentence.
[[nodiscard]] std::expected<SignedCheckpoint, std::string> verify(const TlogProof& proof, std::string_view entry, const Policy& policy);

}  // namespace tamroi::audit
