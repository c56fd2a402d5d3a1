#pragma once

#include <string_view>

namespace tamroi::reporting {

// Takes the state of a fold in parts, each under a key of its own: those that changed since the last time.
class Parts {
 public:
  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  virtual ~Parts() = default;
  // Erases the parts whose keys begin so; a put that follows stands.
  virtual void erase(std::string_view prefix) = 0;
  virtual void put(std::string_view key, std::string_view bytes) = 0;
};

}  // namespace tamroi::reporting
