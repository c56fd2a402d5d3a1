#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/bundle.h"

namespace tamroi::catalogue {

// Collects what is wrong in one file.
class Reporter {
 public:
  Reporter(std::string file, std::vector<Finding>& findings) : file_(std::move(file)), findings_(findings) {}

  void error(std::size_t line, std::string why);
  void warning(std::size_t line, std::string why);
  // "Unknown WHAT WORD", with the nearest known word, if one is near.
  void unknown(std::size_t line, std::string_view what, std::string_view word,
               const std::vector<std::string_view>& known);
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<Finding>& findings_;
};

// The known word that differs least, or "" when none is near enough to have been meant.
[[nodiscard]] std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace tamroi::catalogue
