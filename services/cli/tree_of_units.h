#pragma once

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "cli/client.h"

namespace tamroi::cli {

// The tree of units, and the newest round, as the server has them.
class TreeOfUnits {
 public:
  // The refusal where the server gives none, or has no such unit.
  [[nodiscard]] static std::expected<TreeOfUnits, Reply> ask(Client& client, const std::string& unit);

  // The unit that was asked for.
  [[nodiscard]] const std::string& top() const { return top_; }
  [[nodiscard]] const std::string& round() const { return round_; }
  [[nodiscard]] std::string level(const std::string& code) const;
  [[nodiscard]] std::string named(const std::string& code) const;  // "2401 เมืองฉะเชิงเทรา"
  [[nodiscard]] std::string parent(const std::string& code) const;  // "": none
  [[nodiscard]] std::vector<std::string> children(const std::string& code) const;
  // Those districts and provinces below a unit, and itself, that have results of their own; each before what is below it.
  [[nodiscard]] std::vector<std::string> with_results(const std::string& code) const;

 private:
  std::map<std::string, boost::json::object> units_;
  std::string top_;
  std::string round_;
};

}  // namespace tamroi::cli
