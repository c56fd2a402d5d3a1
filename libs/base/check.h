#pragma once

#include <stdexcept>
#include <string>

namespace tamroi::base {

// A bug of ours, or damage to our own files. Inside a stream's step its supervisor stops that stream;
// elsewhere nobody catches it: the process ends and replays.
class Defect : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void fail_check(const char* condition, const char* file, int line);

}  // namespace tamroi::base

// An invariant that holds in every build.
#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::tamroi::base::fail_check(#condition, __FILE__, __LINE__))
