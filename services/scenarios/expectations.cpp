#include "scenarios/expectations.h"

#include <algorithm>
#include <cctype>

namespace tamroi::scenarios {
namespace {

ExpectedProblem parse_problem(Cursor& words) {
  ExpectedProblem problem{words.take("a code"), std::nullopt};
  if (words.accept("at")) problem.where = words.text("a JSON pointer");
  return problem;
}

// CODE [at POINTER] [and …], or one a line below.
Statement parse_verdict(ExpectVerdict::Word word, Cursor& words, const std::vector<Line>& block) {
  ExpectVerdict verdict{word, {}};
  if (!words.done()) {
    do {
      verdict.problems.push_back(parse_problem(words));
    } while (words.accept("and"));
  }
  words.end();
  for (const Line& one : block) {
    Cursor inner(one);
    verdict.problems.push_back(parse_problem(inner));
    inner.end();
  }
  if (verdict.problems.empty()) words.fail("a problem code is missing");
  return verdict;
}

// The value of a measure: N, N/D, undefined, or absent.
Claim parse_measure(Cursor& words) {
  Claim claim{"measure", words.take("a measure"), words.take("a value"), {}, 0};
  return claim;
}

bool accept_claim(Cursor& words, std::vector<Claim>& claims) {
  for (const char* about : {"level", "evidenced", "score", "points", "version", "revision"}) {
    if (!words.accept(about)) continue;
    Claim claim{about, {}, words.take("a value"), {}, 0};
    if (words.accept("of")) claim.before = words.take("a total");
    claims.push_back(claim);
    return true;
  }
  if (words.accept("measure")) {
    claims.push_back(parse_measure(words));
    if (words.accept("defined")) {
      words.need("in");
      claims.push_back({"defined", claims.back().name, words.take("COUNT/OF"), {}, 0});
    }
  } else if (words.accept("no")) {
    words.need("points");
    claims.push_back({"points", {}, "absent", {}, 0});
  } else if (words.accept("credited")) {
    words.need("from");
    claims.push_back({"credited", {}, words.take("a unit"), {}, 0});
  } else if (words.accept("requirement")) {
    const std::string name = words.take("a requirement");
    words.need("of");
    words.need("level");
    const int level = words.number<int>("a level");
    claims.push_back({"requirement", name, words.take("present or missing"), {}, level});
  } else if (words.accept("changes")) {
    claims.push_back({"changes", {}, words.take("a number"), {}, 0});
  } else if (words.accept("on")) {
    words.need("level");
    const int level = words.number<int>("a level");
    while (words.peek() == "districts" || words.peek() == "provinces") {
      const std::string name = words.take("");
      claims.push_back({"levels", name, words.take("a number"), {}, level});
    }
  } else if (words.accept("not")) {
    words.need("open");
    claims.push_back({"open", {}, "no", {}, 0});
  } else {
    return false;
  }
  return true;
}

// `UNIT indicator N`, then `level A to B`, `evidenced A to B`, `score A to B`, `measure NAME A to B`.
ExpectChange parse_change(Cursor& words, bool none) {
  ExpectChange change{words.take("a unit"), 0, none, {}};
  words.need("indicator");
  change.indicator = words.number<int>("an indicator");
  while (!words.done()) {
    Claim claim{words.take("a word"), {}, {}, {}, 0};
    if (claim.about == "measure") claim.name = words.take("a measure");
    claim.before = words.take("the value before");
    words.need("to");
    claim.wanted = words.take("the value after");
    change.claims.push_back(claim);
  }
  return change;
}

Statement parse_about_unit(Cursor& words, const std::vector<Line>& block, Focus& last) {
  ExpectResult expected;
  expected.unit = words.take("a unit");
  if (words.accept("fact")) {
    ExpectFact fact{expected.unit, words.take("a fact"), {}};
    fact.state = words.accept("on") ? "on " + words.take("'time'") : words.take("'late', 'on time' or 'absent'");
    words.end();
    return fact;
  }
  if (words.accept("indicator")) {
    expected.indicator = words.number<int>("an indicator");
    last = {expected.unit, *expected.indicator};
    if (words.accept("revision")) expected.revision = words.number<int>("a revision");
  }
  if (words.accept("as")) {
    words.need("of");
    expected.as_of = parse_moment(words);
  }
  while (accept_claim(words, expected.claims)) {
  }
  words.end();
  for (const Line& one : block) {
    Cursor inner(one);
    while (accept_claim(inner, expected.claims)) {
    }
    inner.end();
  }
  if (expected.claims.empty()) words.fail("nothing is said about the unit");
  return expected;
}

}  // namespace

base::Instant parse_moment(Cursor& words) {
  const std::string day = words.take("a date");
  const auto date = base::parse_date(day);
  if (!date) words.fail("not a date: " + day);
  std::string clock = "00:00:00";
  if (words.peek().find(':') == 2) clock = words.take("a time");
  if (clock.size() == 5) clock += ":00";
  const auto instant = base::parse_instant(day + "T" + clock + "+07:00");
  if (!instant) words.fail("not a time: " + clock);
  return *instant;
}

Statement parse_expect(Cursor& words, const std::vector<Line>& block, Focus& last) {
  if (words.accept("accepted")) {
    words.end();
    return ExpectVerdict{ExpectVerdict::Word::Accepted, {}};
  }
  if (words.accept("repeat")) {
    words.end();
    return ExpectVerdict{ExpectVerdict::Word::Repeat, {}};
  }
  if (words.accept("rejected")) return parse_verdict(ExpectVerdict::Word::Rejected, words, block);
  if (words.accept("refused")) return parse_verdict(ExpectVerdict::Word::Refused, words, block);
  if (words.accept("status")) {
    ExpectStatus status{words.number<int>("a status")};
    words.end();
    return status;
  }
  if (words.accept("changed")) return parse_change(words, false);
  if (words.accept("unchanged")) return parse_change(words, true);
  return parse_about_unit(words, block, last);
}

// because [UNIT [indicator N]] level L: TEXT
Statement parse_because(const Line& whole, const Focus& last) {
  const auto colon = whole.text.find(": ");
  if (colon == std::string::npos) throw BadScenario(whole.place, "because level L: TEXT");
  Cursor words({whole.place, 0, whole.text.substr(0, colon)});
  words.need("because");
  Because because{last.unit, last.indicator, 0, whole.text.substr(colon + 2)};
  if (words.peek() != "level") because.unit = words.take("a unit");
  if (words.accept("indicator")) because.indicator = words.number<int>("an indicator");
  words.need("level");
  because.level = words.number<int>("a level");
  words.end();
  if (because.unit.empty()) words.fail("no unit is spoken of");
  return because;
}

// [UNIT indicator N] MEASURE TOTAL [NAME…]
Statement parse_lacks(Cursor& words, const Focus& last) {
  Lacks lacks{last.unit, last.indicator, {}, 0, {}};
  if (!words.peek().empty() && (std::isdigit(static_cast<unsigned char>(words.peek().front())) != 0)) {
    lacks.unit = words.take("a unit");
    words.need("indicator");
    lacks.indicator = words.number<int>("an indicator");
  }
  lacks.measure = words.take("a measure");
  lacks.total = words.number<std::size_t>("a total");
  while (!words.done()) lacks.names.push_back(words.take("a name"));
  if (lacks.unit.empty()) words.fail("no unit is spoken of");
  return lacks;
}

}  // namespace tamroi::scenarios
