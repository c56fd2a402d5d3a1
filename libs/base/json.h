#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tamroi::base {

class Json;

// One value of a document, or nothing. Valid while the document and the text it was parsed from live.
class JsonValue {
 public:
  enum class Type : std::uint8_t { Null, False, True, Number, String, Array, Object };

  JsonValue() = default;
  [[nodiscard]] explicit operator bool() const { return document_ != nullptr; }
  [[nodiscard]] Type type() const;  // of a value that is there
  [[nodiscard]] bool is(Type type) const { return document_ != nullptr && this->type() == type; }
  [[nodiscard]] bool is_boolean() const { return is(Type::True) || is(Type::False); }
  // A string's characters after escapes; a number's text as written.
  [[nodiscard]] std::string_view text() const;
  // A number without fraction or exponent that fits.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  // How many members an object has, or elements an array; 0 of others.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] JsonValue first() const;  // of an array: its first element; of an object: the first member's value
  [[nodiscard]] JsonValue next() const;   // the next sibling
  [[nodiscard]] std::string_view key() const;  // of an object's member
  [[nodiscard]] JsonValue member(std::string_view name) const;
  // The value's place in document order.
  [[nodiscard]] std::size_t order() const { return index_; }
  // The bytes of the value as written.
  [[nodiscard]] std::string_view raw() const;

 private:
  friend class Json;
  friend class JsonReader;
  JsonValue(const Json* document, std::uint32_t index) : document_(document), index_(index) {}
  const Json* document_ = nullptr;
  std::uint32_t index_ = 0;
};

// Our own reader, because no packaged one gives all of: doubled keys refused, numbers as written (1e400 is JSON,
// and 5.0 is not an integer), lone surrogates refused, and the bytes of a member as they were sent.
//
// A JSON text read strictly (RFC 8259 and I-JSON: valid UTF-8, unique keys, no lone surrogates), kept as a
// flat list of values that point into the text. Numbers keep their text: nothing is rounded.
//
// Threads: one at a time; reading a parsed document from any.
// Limits:  depth_max levels, the outermost value is 1.
class Json {
 public:
  static constexpr std::size_t depth_max = 32;

  // Parses `text`, which must outlive the document; the sentence says what is wrong and where. A document that is used
  // again keeps its memory and forgets all else.
  [[nodiscard]] std::expected<JsonValue, std::string> parse(std::string_view text);
  [[nodiscard]] JsonValue root() const { return nodes_.empty() ? JsonValue{} : JsonValue{this, 0}; }

 private:
  friend class JsonValue;
  friend class JsonReader;
  // Written for each value of each submission, hence small.
  struct Node {
    const char* text;            // of a string, after escapes, or of a number
    const char* key;
    std::uint32_t size;          // characters of the text, or children
    std::uint32_t key_size;
    std::uint32_t begin;         // offsets of the value in the source
    std::uint32_t end;
    std::uint32_t next;          // index after the subtree
    JsonValue::Type type;
    bool last;                   // of its parent's values
  };
  std::string_view source_;
  std::vector<Node> nodes_;
  std::vector<std::unique_ptr<std::string>> unescaped_;
};

inline JsonValue::Type JsonValue::type() const { return document_->nodes_[index_].type; }
inline std::string_view JsonValue::text() const {
  const auto& node = document_->nodes_[index_];
  return node.text == nullptr ? std::string_view{} : std::string_view{node.text, node.size};
}
inline std::string_view JsonValue::key() const {
  const auto& node = document_->nodes_[index_];
  return {node.key, node.key_size};
}
inline std::size_t JsonValue::size() const {
  if (document_ == nullptr) return 0;
  const auto& node = document_->nodes_[index_];
  return node.type >= Type::Array ? node.size : 0;
}
inline JsonValue JsonValue::first() const { return size() == 0 ? JsonValue{} : JsonValue{document_, index_ + 1}; }
inline JsonValue JsonValue::next() const {
  const auto& node = document_->nodes_[index_];
  return node.last || index_ == 0 ? JsonValue{} : JsonValue{document_, node.next};
}
inline JsonValue JsonValue::member(std::string_view name) const {
  if (!is(Type::Object)) return {};
  for (auto value = first(); value; value = value.next()) {
    if (value.key() == name) return value;
  }
  return {};
}
inline std::string_view JsonValue::raw() const {
  const auto& node = document_->nodes_[index_];
  return document_->source_.substr(node.begin, node.end - node.begin);
}

// The members of an object by name, for who looks many of them up: a body may hold a hundred thousand.
class Members {
 public:
  explicit Members(JsonValue object);
  [[nodiscard]] JsonValue find(std::string_view name) const;

 private:
  JsonValue object_;
  std::vector<std::pair<std::string_view, JsonValue>> sorted_;  // empty where there are few
};

// Whether two values are equal: members in any order, strings by code point, numbers by value.
[[nodiscard]] bool equal(JsonValue a, JsonValue b);
// Numbers by value, of any size: 1, 1.0 and 10e-1 are equal.
[[nodiscard]] bool equal_numbers(std::string_view a, std::string_view b);

// A member's name as a token of a JSON pointer.
[[nodiscard]] std::string pointer_token(std::string_view name);

}  // namespace tamroi::base
