#pragma once

#include <stdexcept>

namespace tamroi::cli {

// What the command line says that cannot be meant, such as a file that is none.
class Misused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace tamroi::cli
