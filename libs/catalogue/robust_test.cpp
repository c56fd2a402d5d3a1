// Whatever a published file holds, compiling it gives findings, never a crash or an exception.
#include <random>

#include <catch2/catch_get_random_seed.hpp>
#include <catch2/catch_test_macros.hpp>

#include "catalogue/bundle.h"
#include "support/files.h"

using namespace tamroi;

namespace {

// Moves, repeats, drops or replaces a piece of the text.
std::string mutated(const std::string& text, std::mt19937_64& random) {
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  const std::size_t from = below(text.size());
  const std::size_t length = 1 + below(std::min<std::size_t>(40, text.size() - from));
  const std::string piece = text.substr(from, length);
  std::string changed = text;
  switch (below(4)) {
    case 0: return changed.erase(from, length);
    case 1: return changed.insert(below(text.size()), piece);
    case 2: {
      constexpr std::string_view marks = "{}[]:,-&*!?|>#%\"'\n 0a";
      changed[from] = marks[below(marks.size())];
      return changed;
    }
    default: return changed.replace(below(text.size() - length), length, piece);
  }
}

}  // namespace

TEST_CASE("no damage to a catalogue makes compiling fail otherwise than by findings") {
  const auto seed = Catch::getSeed();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  catalogue::Bundle whole = support::read_bundle_2565_2();
  const std::vector<std::string> files{"round.yaml",       "words.yaml",       "facts.yaml",
                                       "indicator-5.yaml", "indicator-6.yaml", "indicator-7.yaml"};
  whole["units.csv"] = "code,parent,kind,name_th,name_en,region_th\n24,TH,province,ก,a,ภาคใต้\n2401,24,district,ข,b,\n";
  for (int i = 0; i < 300; ++i) {
    catalogue::Bundle bundle = whole;
    std::string& text = bundle.at(files[random() % files.size()]);
    text = mutated(text, random);
    const auto compiled = catalogue::compile(bundle);
    const bool refused = compiled.plan == nullptr;
    CHECK((!refused || !compiled.findings.empty()));
  }
}

TEST_CASE("deeply nested and binary files are refused") {
  catalogue::Bundle bundle = support::read_bundle_2565_2();
  for (const std::string& text :
       {std::string(100'000, '['), std::string(100'000, '{'), std::string(1000, '\0'),
        std::string("\xff\xfe\x00\x01", 4), std::string("a: b\n---\nc: d\n"), std::string("- a\n- b\n")}) {
    bundle["words.yaml"] = text;
    CHECK(catalogue::compile(bundle).plan == nullptr);
  }
}
