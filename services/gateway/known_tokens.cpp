#include "gateway/known_tokens.h"

#include <functional>
#include <utility>

namespace tamroi::gateway {
namespace {

// Looks at every byte, whichever differ.
bool same(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  unsigned differences = 0;
  for (std::size_t i = 0; i < one.size(); ++i) differences |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  return differences == 0;
}

}  // namespace

std::optional<KnownTokens::Holder> KnownTokens::find(std::string_view token, std::uint64_t account_changes) const {
  const std::scoped_lock lock(mutex_);
  const auto& place = places_[place_of(token)];
  const bool known = same(place.token, token);
  return known && place.account_changes == account_changes && place.holder.actor != nullptr ? std::optional(place.holder) : std::nullopt;
}

void KnownTokens::keep(std::string_view token, std::uint64_t account_changes, Holder holder) {
  const std::scoped_lock lock(mutex_);
  places_[place_of(token)] = {std::string(token), account_changes, std::move(holder)};
}

std::size_t KnownTokens::place_of(std::string_view token) const { return std::hash<std::string_view>()(token) % places_.size(); }

}  // namespace tamroi::gateway
