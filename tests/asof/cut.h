#pragma once

#include <random>
#include <string>
#include <vector>

#include "asof/country.h"
#include "http/response.h"
#include "query/query.h"

namespace tamroi::asof {

// What is asked as of a cut, and what a fold that stands there says.
struct Question {
  std::string route;      // results, indicator, levels, facts
  std::string unit;
  std::uint32_t indicator = 0;
  std::uint32_t revision = 0;
  std::string as_of;
  std::string expected;   // JSON; of facts its digest
};

// What the fold says now of a unit, chosen by chance, under every route that it has; `as_of` is how the server is asked.
void ask_everything(Country& country, const std::string& unit, const std::string& as_of, std::mt19937_64& chance, std::vector<Question>& questions);
// A unit of the tree; a province or district where `province` is one.
[[nodiscard]] std::string some_unit(Country& country, const std::string& province, std::mt19937_64& chance);

// What the server says, in the same form.
[[nodiscard]] std::string answered(query::Query& query, const Question& question);
[[nodiscard]] http::Response ask(query::Query& query, const Question& question, const http::Pairs& more = {});

}  // namespace tamroi::asof
