#pragma once

#include <expected>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"

// Which logs are trusted, and how many witnesses must have seen a checkpoint (c2sp.org/tlog-policy).
namespace tamroi::audit {

class Policy {
 public:
  struct Log {
    Verifier key;
    std::string url;  // empty where none is given
  };
  struct Witness {
    std::string name;
    Verifier key;
    std::string url;
  };
  // Lines `log KEY [URL]`, `witness NAME KEY [URL]`, `group NAME all|any|N MEMBER…`, `quorum NAME|none`; "#" begins a comment.
  // The error names the line.
  [[nodiscard]] static std::expected<Policy, std::string> parse(std::string_view text);

  [[nodiscard]] const std::vector<Log>& logs() const { return logs_; }
  [[nodiscard]] const std::vector<Witness>& witnesses() const { return witnesses_; }
  // Whether the witnesses with these names are a quorum.
  [[nodiscard]] bool is_quorum(const std::set<std::string, std::less<>>& names) const;
  // A checkpoint of one of the logs that a quorum has seen. The error is a sentence.
  [[nodiscard]] std::expected<SignedCheckpoint, std::string> open(std::string_view bytes) const;

 private:
  struct Group {
    std::string name;
    std::size_t needed = 0;
    std::vector<std::string> members;
  };
  [[nodiscard]] std::expected<void, std::string> take(const std::vector<std::string_view>& words);
  [[nodiscard]] std::expected<void, std::string> take_group(const std::vector<std::string_view>& words);
  [[nodiscard]] bool is_known(std::string_view name) const;
  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  std::vector<Group> groups_;  // each after its members
  std::string quorum_;         // empty: none is needed
  bool quorum_is_given_ = false;
};

}  // namespace tamroi::audit
