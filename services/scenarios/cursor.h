#pragma once

#include <charconv>
#include <string>
#include <vector>

#include "scenarios/lines.h"
#include "scenarios/words.h"

namespace tamroi::scenarios {

// Walks over the words of one line, complaining with its place.
class Cursor {
 public:
  explicit Cursor(const Line& from) : place_(from.place), words_(split_words(from.text, from.place)) {}

  [[nodiscard]] const Place& place() const { return place_; }
  [[nodiscard]] bool done() const { return next_ == words_.size(); }
  [[nodiscard]] std::string peek() const { return done() ? "" : words_[next_]; }
  [[nodiscard]] std::size_t left() const { return words_.size() - next_; }

  std::string take(const char* wanted) {
    if (done()) fail(std::string(wanted) + " is missing");
    return words_[next_++];
  }
  bool accept(std::string_view word) {
    if (done() || words_[next_] != word) return false;
    ++next_;
    return true;
  }
  void need(std::string_view word) {
    if (!accept(word)) fail("'" + std::string(word) + "' is missing");
  }
  std::string text(const char* wanted) { return parse_text(take(wanted), place_); }
  template <class Number>
  Number number(const char* wanted) {
    const std::string word = take(wanted);
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size())
      fail(std::string(wanted) + " is a number, not " + word);
    return value;
  }
  // name=VALUE; false when the next word is not of that form.
  bool accept_member(Members& members) {
    if (done()) return false;
    const std::string& word = words_[next_];
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || word.find_first_of("\"`[{") < equals) return false;
    members.push_back({word.substr(0, equals), parse_value(std::string_view(word).substr(equals + 1), place_)});
    ++next_;
    return true;
  }
  void end() {
    if (!done()) fail("'" + words_[next_] + "' is not understood here");
  }
  [[noreturn]] void fail(const std::string& why) const { throw BadScenario(place_, why); }

 private:
  Place place_;
  std::vector<std::string> words_;
  std::size_t next_ = 0;
};

}  // namespace tamroi::scenarios
