#pragma once

#include <cstdint>

#include <boost/json.hpp>

#include "catalogue/plan.h"

// How the value of a field is written and what number it stands for, told anew: the fold is not asked.
namespace tamroi::simulation {

// A choice's place, a boolean as 0 or 1, money in satang; 0 for texts, addresses and documents.
[[nodiscard]] std::int64_t number_of(const catalogue::Plan& plan, const catalogue::Field& field,
                                     const boost::json::value& value);
// A value that stands for the number.
[[nodiscard]] boost::json::value written(const catalogue::Plan& plan, const catalogue::Field& field,
                                         std::int64_t number);

}  // namespace tamroi::simulation
