#include "journal/lease.h"

namespace tamroi::journal {
namespace {

class HeldLease final : public Lease {
 public:
  void seek() override {}
  void resign() override {}
  bool held() override { return true; }
  void on_change(std::function<void()>) override {}
};

}  // namespace

std::unique_ptr<Lease> make_held_lease() { return std::make_unique<HeldLease>(); }

}  // namespace tamroi::journal
