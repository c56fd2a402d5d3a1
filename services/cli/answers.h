#pragma once

#include <string>

#include <boost/json.hpp>

#include "cli/look.h"

// Answers of the server, for people. Each may carry `unit`, `unit_name`, `round` and `indicator` of what was asked.
namespace tamroi::cli {

[[nodiscard]] std::string show_results(const boost::json::object& results, const Look& look);
// Why this level, and what the next one needs.
[[nodiscard]] std::string show_explanation(const boost::json::object& result, const Look& look);
[[nodiscard]] std::string show_history(const boost::json::object& page, const Look& look);
[[nodiscard]] std::string show_facts(const boost::json::object& page, const Look& look);
// How many districts and provinces stand on each level.
[[nodiscard]] std::string show_levels(const boost::json::object& answer, const Look& look);

// "indicator 6 of 2401 เมืองฉะเชิงเทรา, round 2565-2", as far as the answer says so.
[[nodiscard]] std::string subject_text(const boost::json::object& answer);
// How to get what follows a page.
[[nodiscard]] std::string more_text(const std::string& cursor);
// "as of 2022-08-20 10:00:00 Bangkok time, 24:17"; "" where the answer does not say how far it reaches.
[[nodiscard]] std::string reach_text(const boost::json::object& answer);

}  // namespace tamroi::cli
