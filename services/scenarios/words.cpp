#include "scenarios/words.h"

#include <boost/json/parse.hpp>

#include "scenarios/lines.h"

namespace tamroi::scenarios {
namespace {

// Behind the quote or backtick that closes the one at `start`.
std::size_t behind_quoted(std::string_view text, std::size_t start, const Place& place) {
  const char quote = text[start];
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  throw BadScenario(place, "a quote is left open");
}

class ValueReader {
 public:
  ValueReader(std::string_view text, const Place& place) : text_(text), place_(place) {}

  Value whole() {
    Value value = one();
    blanks();
    if (at_ != text_.size()) throw BadScenario(place_, "not a value: " + std::string(text_));
    return value;
  }

 private:
  Value one() {
    blanks();
    const char first = at_ < text_.size() ? text_[at_] : ' ';
    if (first == '"' || first == '`') return quoted(first);
    if (first == '[') return list();
    if (first == '{') return object();
    const auto start = at_;
    while (at_ < text_.size() && std::string_view(" ,]}").find(text_[at_]) == std::string_view::npos) ++at_;
    if (start == at_) throw BadScenario(place_, "a value is missing in " + std::string(text_));
    return {Value::Form::Bare, std::string(text_.substr(start, at_ - start)), {}, {}};
  }

  Value quoted(char quote) {
    const auto end = behind_quoted(text_, at_, place_);
    const auto whole_text = text_.substr(at_, end - at_);
    at_ = end;
    if (quote == '`') return {Value::Form::Literal, std::string(whole_text.substr(1, whole_text.size() - 2)), {}, {}};
    boost::system::error_code error;
    const auto parsed = boost::json::parse({whole_text.data(), whole_text.size()}, error);
    if (error) throw BadScenario(place_, "not a text: " + std::string(whole_text));
    return {Value::Form::Quoted, std::string(parsed.as_string()), {}, {}};
  }

  Value list() {
    Value value{Value::Form::List, {}, {}, {}};
    ++at_;
    while (!closes(']')) {
      value.items.push_back(one());
      separator(']');
    }
    return value;
  }

  Value object() {
    Value value{Value::Form::Object, {}, {}, {}};
    ++at_;
    while (!closes('}')) {
      const auto equals = text_.find('=', at_);
      if (equals == std::string_view::npos) throw BadScenario(place_, "members are written name=value");
      std::string name(text_.substr(at_, equals - at_));
      at_ = equals + 1;
      value.members.push_back({std::move(name), one()});
      separator('}');
    }
    return value;
  }

  bool closes(char bracket) {
    blanks();
    if (at_ >= text_.size()) throw BadScenario(place_, "a bracket is left open");
    if (text_[at_] != bracket) return false;
    ++at_;
    return true;
  }

  void separator(char bracket) {
    blanks();
    if (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
    } else if (at_ >= text_.size() || text_[at_] != bracket) {
      throw BadScenario(place_, "a comma is missing in " + std::string(text_));
    }
  }

  void blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  std::string_view text_;
  const Place& place_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> split_words(std::string_view text, const Place& place) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    if (text[at] == '#') break;
    const auto start = at;
    int depth = 0;
    while (at < text.size() && (text[at] != ' ' || depth > 0)) {
      const char here = text[at];
      if (here == '"' || here == '`') {
        at = behind_quoted(text, at, place);
        continue;
      }
      if (here == '[' || here == '{') ++depth;
      if (here == ']' || here == '}') --depth;
      ++at;
    }
    if (depth != 0) throw BadScenario(place, "a bracket is left open");
    words.emplace_back(text.substr(start, at - start));
  }
  return words;
}

Value parse_value(std::string_view text, const Place& place) { return ValueReader(text, place).whole(); }

std::string parse_text(std::string_view word, const Place& place) {
  const Value value = parse_value(word, place);
  if (value.form != Value::Form::Quoted && value.form != Value::Form::Bare) {
    throw BadScenario(place, "not a text: " + std::string(word));
  }
  return value.text;
}

}  // namespace tamroi::scenarios
