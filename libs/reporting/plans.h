#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/sha256.h"
#include "catalogue/bundle.h"

namespace tamroi::reporting {

// Compiles each bundle once, however many streams publish it.
//
// Threads: one at a time; a subclass may say more.
class Plans {
 public:
  Plans() = default;
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;
  virtual ~Plans() = default;
  // As catalogue::compile.
  [[nodiscard]] virtual catalogue::Compiled compile(const catalogue::Bundle& bundle);

 private:
  std::map<base::Digest, catalogue::Compiled> compiled_;
};

}  // namespace tamroi::reporting
