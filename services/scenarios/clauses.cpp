#include "scenarios/clauses.h"

namespace tamroi::scenarios {

Value bare(std::string text) { return {Value::Form::Bare, std::move(text), {}, {}}; }
Value quoted(std::string text) { return {Value::Form::Quoted, std::move(text), {}, {}}; }

bool accept_sender(Cursor& words, std::optional<Sender>& sender) {
  if (!words.accept("as")) return false;
  const std::string word = words.take("ROLE@UNIT");
  const auto mark = word.find('@');
  sender = Sender{word.substr(0, mark), mark == std::string::npos ? "" : word.substr(mark + 1)};
  return true;
}

bool accept_drop_or_add(Cursor& words, Members& with, std::vector<std::string>& without) {
  if (words.accept("without")) {
    without.push_back(words.take("a member"));
  } else if (words.accept("with")) {
    if (!words.accept_member(with)) words.fail("with NAME=VALUE");
  } else {
    return false;
  }
  return true;
}

namespace {

// What every control may have behind its own words.
void parse_control_rest(Cursor& words, Control& control) {
  while (!words.done()) {
    if (accept_sender(words, control.sender) || words.accept_member(control.members)) continue;
    if (words.accept("id")) {
      control.name = words.take("a name");
    } else if (words.accept("reason")) {
      control.members.push_back({"reason", quoted(words.text("a text"))});
    } else if (words.accept("unit")) {
      control.members.push_back({"unit", quoted(words.take("a unit"))});
    } else if (!accept_drop_or_add(words, control.members, control.without)) {
      words.end();
    }
  }
}

// letter "NUMBER" on DATE
void accept_letter(Cursor& words, Control& control) {
  if (!words.accept("letter")) return;
  Value letter{Value::Form::Object, {}, {}, {}};
  letter.members.push_back({"number", quoted(words.text("the letter's number"))});
  words.need("on");
  letter.members.push_back({"issued_on", quoted(words.take("a date"))});
  control.members.push_back({"letter", letter});
}

Control parse_open(Cursor& words) {
  Control control;
  control.type = "round_opened";
  control.opens_round = true;
  control.members.push_back({"round", quoted(words.take("a round"))});
  words.need("revision");
  control.members.push_back({"revision", bare(words.take("a number"))});
  if (words.accept("automatic")) control.members.push_back({"close_months", quoted("automatic")});
  parse_control_rest(words, control);
  return control;
}

Control parse_revise(Cursor& words) {
  Control control;
  control.type = "criteria_revised";
  control.members.push_back({"revision", bare(words.take("a revision"))});
  accept_letter(words, control);
  parse_control_rest(words, control);
  return control;
}

Control parse_close(Cursor& words) {
  Control control;
  control.type = "period_closed";
  control.members.push_back({"month", quoted(words.text("a month"))});
  parse_control_rest(words, control);
  return control;
}

Control parse_target(Cursor& words) {
  Control control;
  control.type = "target_set";
  control.members.push_back({"unit", quoted(words.take("a unit"))});
  words.need("indicator");
  control.members.push_back({"indicator", bare(words.take("a number"))});
  control.members.push_back({"measure", quoted(words.take("a measure"))});
  control.members.push_back({"value", bare(words.take("a value"))});
  accept_letter(words, control);
  parse_control_rest(words, control);
  return control;
}

Control parse_any(Cursor& words) {
  Control control;
  control.type = words.text("a control type");
  parse_control_rest(words, control);
  return control;
}

}  // namespace

std::optional<Control> parse_control(const std::string& verb, Cursor& words) {
  if (verb == "open") return parse_open(words);
  if (verb == "close") return parse_close(words);
  if (verb == "revise") return parse_revise(words);
  if (verb == "target") return parse_target(words);
  if (verb == "control") return parse_any(words);
  return std::nullopt;
}

}  // namespace tamroi::scenarios
