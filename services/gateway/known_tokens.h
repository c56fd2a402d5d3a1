#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "event/record.h"

namespace tamroi::gateway {

// Who asked lately, by their tokens, so that a token is not hashed at every request. What is known counts only as long as
// no account was granted or revoked since it was learnt: a revoked token is known no longer.
//
// Threads: any.
// Limits:  tokens_max; who comes to a place takes it from whoever was there.
class KnownTokens {
 public:
  explicit KnownTokens(std::size_t tokens_max) : places_(tokens_max) {}

  struct Holder {
    std::shared_ptr<const event::Actor> actor;
    std::optional<base::Date> expires_on;
  };

  // Nothing where the token is not known to be good after so many changes of accounts. Takes as long for each wrong token of a length.
  [[nodiscard]] std::optional<Holder> find(std::string_view token, std::uint64_t account_changes) const;
  // The changes must have been counted before the holder was looked up.
  void keep(std::string_view token, std::uint64_t account_changes, Holder holder);

 private:
  struct Place {
    std::string token;
    std::uint64_t account_changes = 0;
    Holder holder;
  };
  [[nodiscard]] std::size_t place_of(std::string_view token) const;

  mutable std::mutex mutex_;
  std::vector<Place> places_;
};

}  // namespace tamroi::gateway
