#include "scenarios/grammar.h"

#include <algorithm>

#include "scenarios/clauses.h"
#include "scenarios/cursor.h"
#include "scenarios/expectations.h"

namespace tamroi::scenarios {
namespace {

using Block = std::vector<Line>;

Entry parse_entry(const Line& one) {
  Entry entry;
  entry.place = one.place;
  if (one.text.starts_with("entry ")) {
    entry.op = Entry::Op::Literal;
    entry.literal = one.text.substr(6);
    return entry;
  }
  Cursor words(one);
  if (words.accept("correct")) {
    entry.op = Entry::Op::Correct;
    entry.fact = words.take("a fact");
  } else if (words.accept("withdraw")) {
    entry.op = Entry::Op::Withdraw;
    entry.fact = words.take("a fact");
  } else {
    words.accept("record");
    entry.type = words.take("a fact type");
  }
  while (!words.done()) {
    if (words.accept_member(entry.values)) continue;
    if (words.accept("on")) {
      entry.on = words.text("a date");
    } else if (words.accept("fact") && entry.op == Entry::Op::Record) {
      entry.fact = words.take("a name");
    } else if (!accept_drop_or_add(words, entry.with, entry.without)) {
      words.end();
    }
  }
  return entry;
}

std::vector<Entry> parse_entries(const Block& block) {
  std::vector<Entry> entries;
  for (const Line& one : block) {
    if (!one.text.empty() && one.text.front() != '#') entries.push_back(parse_entry(one));
  }
  return entries;
}

Submit parse_submit(Cursor& words, const Block& block) {
  Submit submit;
  submit.unit = words.take("a unit");
  while (!words.done()) {
    if (accept_sender(words, submit.sender) || accept_drop_or_add(words, submit.with, submit.without)) continue;
    if (words.accept("id")) {
      submit.name = words.take("a name");
    } else if (words.accept("round")) {
      submit.round = words.text("a round");
    } else if (words.accept("expects")) {
      submit.with.push_back({"expects", bare(words.take("a number"))});
    } else if (words.accept("reason")) {
      submit.with.push_back({"reason", quoted(words.text("a text"))});
    } else if (words.accept("letter")) {
      submit.with.push_back({"letter", quoted(words.text("a text"))});
    } else if (words.accept("padded")) {
      submit.padded_bytes = words.number<std::size_t>("a size in bytes");
    } else {
      words.end();
    }
  }
  submit.entries = parse_entries(block);
  return submit;
}

Raw parse_raw(Cursor& words, const Block& block) {
  Raw raw;
  raw.is_control = words.accept("control");
  raw.unit = words.take("a unit");
  accept_sender(words, raw.sender);
  words.end();
  for (const Line& one : block) raw.text += (raw.text.empty() ? "" : "\n") + one.text;
  return raw;
}

Repeat parse_repeat(Cursor& words) {
  Repeat repeat;
  repeat.name = words.take("the name of a submission or control");
  accept_sender(words, repeat.sender);
  repeat.rewritten = words.accept("rewritten");
  words.end();
  return repeat;
}

class Parser {
 public:
  explicit Parser(std::string file_name) : file_name_(std::move(file_name)) {}

  void statement(const Line& head, const Block& block) {
    if (head.text.starts_with("scenario ")) {
      finish_sending(head.place);
      begin(head.text.substr(9));
      return;
    }
    Step step{head.place, one(head, block)};
    const bool judged =
        std::holds_alternative<ExpectVerdict>(step.statement) || std::holds_alternative<ExpectStatus>(step.statement);
    if (judged && !sent_) throw BadScenario(head.place, "nothing was sent that this could be the answer to");
    if (unjudged_ && !judged) finish_sending(head.place);
    if (judged) unjudged_ = false;
    const bool sends = is_sending(step.statement);
    if (sends) {
      sent_ = unjudged_ = true;
      sent_at_ = head.place;
    }
    current().steps.push_back(std::move(step));
  }

  std::vector<Scenario> take() {
    finish_sending(sent_at_);
    if (scenarios_.empty() && !shared_.steps.empty()) {
      shared_.name = file_name_;
      scenarios_.push_back(shared_);
    }
    return std::move(scenarios_);
  }

 private:
  static bool is_sending(const Statement& statement) {
    return std::holds_alternative<Submit>(statement) || std::holds_alternative<Raw>(statement) ||
           std::holds_alternative<Repeat>(statement) || std::holds_alternative<Control>(statement);
  }

  Scenario& current() { return scenarios_.empty() ? shared_ : scenarios_.back(); }

  void begin(std::string name) {
    if (scenarios_.empty()) shared_time_ = time_;
    time_ = shared_time_;
    sent_ = false;
    last_ = {};
    scenarios_.push_back({file_name_ + ": " + name, shared_.steps});
  }

  void finish_sending(const Place&) {
    if (!unjudged_) return;
    current().steps.push_back({sent_at_, ExpectVerdict{ExpectVerdict::Word::Accepted, {}}});
    unjudged_ = false;
  }

  Statement one(const Line& head, const Block& block) {
    if (head.text.starts_with("because ")) return parse_because(head, last_);
    Cursor words(head);
    const std::string verb = words.take("a statement");
    if (verb == "submit") return parse_submit(words, block);
    if (verb == "raw") return parse_raw(words, block);
    if (verb == "expect") return parse_expect(words, lines_with_words(block), last_);
    if (!lines_with_words(block).empty())
      throw BadScenario(block.front().place, "nothing belongs under '" + verb + "'");
    if (verb == "repeat") return parse_repeat(words);
    if (auto control = parse_control(verb, words)) return *control;
    if (verb == "lacks") return parse_lacks(words, last_);
    if (verb == "at") return set_time(words);
    if (verb == "catalogue") {
      UseCatalogue use{words.text("a round or a folder")};
      words.end();
      return use;
    }
    throw BadScenario(head.place, "'" + verb + "' begins no statement");
  }

  static Block lines_with_words(const Block& block) {
    Block out;
    std::copy_if(block.begin(), block.end(), std::back_inserter(out),
                 [](const Line& one) { return !one.text.empty() && one.text.front() != '#'; });
    return out;
  }

  SetTime set_time(Cursor& words) {
    const SetTime step{parse_moment(words)};
    words.end();
    if (time_ && step.to < *time_) words.fail("time never goes back");
    time_ = step.to;
    return step;
  }

  std::string file_name_;
  Scenario shared_;
  std::vector<Scenario> scenarios_;
  std::optional<base::Instant> time_;
  std::optional<base::Instant> shared_time_;
  Focus last_;
  Place sent_at_;
  bool sent_ = false;
  bool unjudged_ = false;
};

}  // namespace

std::vector<Scenario> parse(const std::vector<Line>& lines, const std::string& file_name) {
  Parser parser(file_name);
  for (std::size_t i = 0; i < lines.size();) {
    const Line& head = lines[i++];
    if (head.text.empty() || head.text.front() == '#') continue;
    if (head.indent > 0) throw BadScenario(head.place, "an indented line belongs under a statement");
    Block block;
    for (; i < lines.size() && (lines[i].indent > 0 || lines[i].text.empty() || lines[i].text.front() == '#'); ++i) {
      if (lines[i].indent > 0) block.push_back(lines[i]);
    }
    parser.statement(head, block);
  }
  return parser.take();
}

std::vector<Scenario> parse_file(const std::filesystem::path& file) {
  return parse(read_lines(file), file.filename().string());
}

}  // namespace tamroi::scenarios
