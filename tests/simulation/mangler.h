#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "simulation/chance.h"

namespace tamroi::simulation {

// Changes a body anywhere, without regard to what it means: values of other types, members elsewhere, twice or missing,
// texts of other places, broken bytes.
class Mangler {
 public:
  explicit Mangler(Chance& chance) : chance_(chance) {}
  [[nodiscard]] std::string mangled(const boost::json::object& body);

 private:
  void gather(boost::json::value& value);
  void change();
  [[nodiscard]] boost::json::value anything(std::size_t depth);
  [[nodiscard]] std::string some_name();

  Chance& chance_;
  std::vector<boost::json::value*> values_;
  std::vector<std::string> names_;
};

}  // namespace tamroi::simulation
