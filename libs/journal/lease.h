#pragma once

#include <functional>
#include <memory>

namespace tamroi::journal {

// What one of all who have a journal open holds at a time, to write what nobody else is to write meanwhile.
//
// It keeps nobody from writing: who held it and was stopped may write on for a moment, so that what is written under it
// must do no harm when it is written twice.
//
// Threads: any. The listener is called on a thread of the lease.
class Lease {
 public:
  Lease() = default;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  virtual ~Lease() = default;

  // Is among those who may get it, until resign(); both at any time, and again.
  virtual void seek() = 0;
  virtual void resign() = 0;
  [[nodiscard]] virtual bool held() = 0;
  // Called after each change of held(). Nobody else gets it before the listener has returned, so that it can wait a little
  // for what is being written; who was stopped for long is not waited for. One listener, which may be empty: then it is
  // not called any more once this has returned.
  virtual void on_change(std::function<void()> listener) = 0;
};

// Of a journal that one process has open.
[[nodiscard]] std::unique_ptr<Lease> make_held_lease();

}  // namespace tamroi::journal
