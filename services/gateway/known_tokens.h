#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "event/record.h"

namespace tamroi::gateway {

// Who asked lately, by their tokens, so that a token is not hashed at every request. What is known counts only as long as
// the control stream stands where it stood when it was learnt: a revoked token is known no longer.
//
// Threads: any.
// Limits:  places tokens; who comes to a place takes it from whoever was there.
class KnownTokens {
 public:
  struct Holder {
    std::shared_ptr<const event::Actor> actor;
    std::optional<base::Date> expires_on;
  };

  // Nothing where the token is not known to be good at that position. Takes as long for each wrong token of a length.
  [[nodiscard]] std::optional<Holder> find(std::string_view token, event::Offset control_next) const;
  // The position must have been asked for before the holder was looked up.
  void keep(std::string_view token, event::Offset control_next, Holder holder);

 private:
  static constexpr std::size_t places = 1024;
  struct Place {
    std::string token;
    event::Offset control_next = 0;
    Holder holder;
  };
  [[nodiscard]] static std::size_t place_of(std::string_view token);

  mutable std::mutex mutex_;
  std::array<Place, places> places_;
};

}  // namespace tamroi::gateway
