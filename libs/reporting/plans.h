#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/sha256.h"
#include "catalogue/bundle.h"

namespace tamroi::reporting {

// Compiles each bundle once, however many streams publish it.
class Plans {
 public:
  // As catalogue::compile.
  [[nodiscard]] catalogue::Compiled compile(const catalogue::Bundle& bundle);

 private:
  std::map<base::Digest, catalogue::Compiled> compiled_;
};

}  // namespace tamroi::reporting
