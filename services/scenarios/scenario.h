#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"

namespace tamroi::scenarios {

// A place in a scenario file, line numbers from 1.
struct Place {
  std::string file;
  int number = 0;
};

// A value as written; what a bare word means in JSON depends on where it stands (see body.h).
struct Member;
struct Value {
  enum class Form { Bare, Quoted, Literal, List, Object };
  Form form = Form::Bare;
  std::string text;  // Bare, Quoted (unescaped), Literal (JSON)
  std::vector<Value> items;
  std::vector<Member> members;
};
struct Member {
  std::string name;
  Value value;
};
using Members = std::vector<Member>;

struct Entry {
  enum class Op { Record, Correct, Withdraw, Literal };
  Place place;
  Op op = Op::Record;
  std::string type;
  std::string fact;  // its name in the file; empty: one is made
  Members values;
  std::optional<std::string> on;
  std::string literal;
  Members with;
  std::vector<std::string> without;
};

struct Sender {
  std::string role;
  std::string unit;
};

struct UseCatalogue {
  std::string name;
};  // a round, or a folder when it has a slash
struct SetTime {
  base::Instant to;
};

struct Submit {
  std::string unit;
  std::string name;  // of the submission, for repeat; empty: one is made
  std::optional<Sender> sender;
  std::optional<std::string> round;
  Members with;  // expects, reason and letter too
  std::vector<std::string> without;
  std::size_t padded_bytes = 0;
  std::vector<Entry> entries;
};

// A body as written, well-formed or not.
struct Raw {
  bool is_control = false;
  std::string unit;
  std::optional<Sender> sender;
  std::string text;
};

// The same body once more, spelled alike or otherwise; a changed body is a Submit of the same name.
struct Repeat {
  std::string name;
  std::optional<Sender> sender;
  bool rewritten = false;
};

struct Control {
  std::string type;
  std::string name;
  std::optional<Sender> sender;
  Members members;
  std::vector<std::string> without;
  bool opens_round = false;
};

struct ExpectedProblem {
  std::string code;
  std::optional<std::string> where;
};

struct ExpectVerdict {
  enum class Word { Accepted, Rejected, Refused, Repeat };
  Word word = Word::Accepted;
  std::vector<ExpectedProblem> problems;
};
struct ExpectStatus {
  int status = 0;
};

// One thing said about a result: its subject ("level", "measure", …), its name where it has one, the value.
struct Claim {
  std::string about;
  std::string name;
  std::string wanted;
  std::string before;  // changes only
  int level = 0;
};

struct ExpectResult {
  std::string unit;
  std::optional<int> indicator;
  std::optional<int> revision;
  std::optional<base::Instant> as_of;
  std::vector<Claim> claims;
};

struct ExpectChange {
  std::string unit;
  int indicator = 0;
  bool none = false;
  std::vector<Claim> claims;
};
struct ExpectFact {
  std::string unit;
  std::string fact;
  std::string state;  // "late", "on time", "absent"
};

struct Because {
  std::string unit;
  int indicator = 0;
  int level = 0;
  std::string text;
};
struct Lacks {
  std::string unit;
  int indicator = 0;
  std::string measure;
  std::size_t total = 0;
  std::vector<std::string> names;
};

using Statement = std::variant<UseCatalogue, SetTime, Submit, Raw, Repeat, Control, ExpectVerdict, ExpectStatus,
                               ExpectResult, ExpectChange, ExpectFact, Because, Lacks>;

struct Step {
  Place place;
  Statement statement;
};

struct Scenario {
  std::string name;
  std::vector<Step> steps;
};

}  // namespace tamroi::scenarios
