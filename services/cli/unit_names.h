#pragma once

#include <map>
#include <string>

#include <boost/json.hpp>

namespace tamroi::cli {

// "เมืองฉะเชิงเทรา (Mueang Chachoengsao)", as far as the server gives names.
[[nodiscard]] std::string name_of(const boost::json::object& unit);

// What units are called, out of the whole tree.
class UnitNames {
 public:
  UnitNames() = default;
  explicit UnitNames(const boost::json::object& tree);  // of GET /v1/units
  // "2401 เมืองฉะเชิงเทรา"; the code alone where it has no name.
  [[nodiscard]] std::string named(const std::string& code) const;

 private:
  std::map<std::string, std::string> thai_;
};

}  // namespace tamroi::cli
