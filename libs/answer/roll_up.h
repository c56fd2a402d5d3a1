#pragma once

#include <memory>
#include <vector>

#include <boost/json.hpp>

#include "answer/answer.h"

// What regions and the ministry are told: merged on reading from their provinces (facts.md, section 4).
namespace tamroi::answer {

// A province of the region: its round, or null while it is not open there; then it scores 0.
using Provinces = std::vector<std::shared_ptr<const PublishedRound>>;

// GET results of a region or TH, without as_of, which is the caller's to add.
[[nodiscard]] boost::json::object merged_results(const catalogue::Plan& plan, std::string_view unit, const Provinces& provinces,
                                                 const View& view = {});
// One of its indicators; empty where the round has no such indicator.
[[nodiscard]] boost::json::object merged_result(const catalogue::Plan& plan, catalogue::Index indicator, const Provinces& provinces,
                                                const View& view = {});
// GET levels of a province, region or TH, without as_of: which districts and provinces stand on each level.
[[nodiscard]] boost::json::object levels(const catalogue::Plan& plan, std::string_view unit, catalogue::Index indicator,
                                         const Provinces& provinces, const View& view = {});

}  // namespace tamroi::answer
