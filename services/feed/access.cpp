#include "feed/access.h"

#include "base/time.h"

namespace tamroi::feed {
namespace {

constexpr std::chrono::seconds look_again{10};

}  // namespace

Access::Access(const projection::Projection& projection, projection::Clock& clock, std::string account)
    : projection_(&projection), clock_(&clock), account_(std::move(account)) {
  projection_->control().with_fold([this](const reporting::ControlFold& fold) {
    const auto found = fold.accounts().find(account_);
    if (found != fold.accounts().end()) granted_ = found->second.granted;
  });
}

bool Access::holds(event::Offset controls, Time now) {
  if (controls == controls_ && now < again_) return true;
  controls_ = controls;
  again_ = now + look_again;
  return look();
}

bool Access::look() const {
  const auto today = base::bangkok_date(clock_->now());
  return projection_->control().with_fold([&](const reporting::ControlFold& fold) {
    const auto found = fold.accounts().find(account_);
    if (found == fold.accounts().end()) return false;
    const auto& account = found->second;
    return !account.revoked && account.granted == granted_ && (!account.expires_on || *account.expires_on >= today);
  });
}

}  // namespace tamroi::feed
