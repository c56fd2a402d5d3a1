#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "catalogue/plan.h"

namespace tamroi::catalogue {

// All files of one round, as published: path to text.
using Bundle = std::map<std::string, std::string>;

// SHA-256 over the paths and texts in order of the paths, each with its length: names a bundle.
[[nodiscard]] base::Digest digest(const Bundle& bundle);

// What is wrong in a catalogue file.
struct Finding {
  enum class Severity : std::uint8_t { Error, Warning };
  Severity severity = Severity::Error;
  std::string file;
  std::size_t line = 0;  // from 1; 0: the whole file
  std::string why;       // a sentence
};

// The plan, and the warnings of the linter; or every error at once (and the warnings with them).
struct Compiled {
  std::shared_ptr<const Plan> plan;  // null where there is an error
  std::vector<Finding> findings;     // by file and line
};

// parse -> validate (schema, then meaning) -> lint -> compile. Never throws on bad input.
[[nodiscard]] Compiled compile(const Bundle& bundle);

// Errors of taking `next` into use after `before` for the same round: it may add fact types, indicators,
// revisions and texts, and changes nothing that is in force.
[[nodiscard]] std::vector<Finding> compare(const Plan& before, const Plan& next);

}  // namespace tamroi::catalogue
