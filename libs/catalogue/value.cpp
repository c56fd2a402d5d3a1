#include "catalogue/value.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace tamroi::catalogue {
namespace {

constexpr std::size_t depth_max = 16;

std::size_t line_of(const YAML::Mark& mark) { return static_cast<std::size_t>(std::max(mark.line, 0)) + 1; }

struct TooDeep {};

// Builds the tree from the parser's events. A map's key is waiting in `pending` until its value comes.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Reporter& reporter) : reporter_(reporter) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.kind = Value::Kind::Empty, .line = line_of(mark), .key = {}, .text = {}, .quoted = false, .items = {}},
        anchor, "");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    reporter_.error(line_of(mark), "Aliases are not allowed.");
    add({.kind = Value::Kind::Empty, .line = line_of(mark), .key = {}, .text = {}, .quoted = false, .items = {}}, 0,
        "");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    add({.kind = Value::Kind::Scalar,
         .line = line_of(mark),
         .key = {},
         .text = text,
         .quoted = tag == "!",
         .items = {}},
        anchor, tag);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open({.kind = Value::Kind::List, .line = line_of(mark), .key = {}, .text = {}, .quoted = false, .items = {}},
         anchor, tag);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open({.kind = Value::Kind::Map, .line = line_of(mark), .key = {}, .text = {}, .quoted = false, .items = {}}, anchor,
         tag);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] std::optional<Value> take() { return std::move(root_); }

 private:
  struct Open {
    Value value;
    std::optional<Value> pending;  // the key of a map
  };

  void open(Value value, YAML::anchor_t anchor, const std::string& tag) {
    check(value, anchor, tag);
    if (open_.size() == depth_max) {
      reporter_.error(value.line, fmt::format("Nested more than {} deep.", depth_max));
      throw TooDeep{};
    }
    open_.push_back({std::move(value), std::nullopt});
  }

  void close() {
    Value value = std::move(open_.back().value);
    open_.pop_back();
    place(std::move(value));
  }

  void add(Value value, YAML::anchor_t anchor, const std::string& tag) {
    check(value, anchor, tag);
    place(std::move(value));
  }

  void check(const Value& value, YAML::anchor_t anchor, const std::string& tag) {
    if (anchor != 0) reporter_.error(value.line, "Anchors are not allowed.");
    if (!tag.empty() && tag != "?" && tag != "!") reporter_.error(value.line, "Tags are not allowed.");
  }

  void place(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& [parent, pending] = open_.back();
    if (parent.kind == Value::Kind::List) {
      parent.items.push_back(std::move(value));
    } else if (!pending) {
      if (value.kind != Value::Kind::Scalar) reporter_.error(value.line, "A key must be a word.");
      pending = std::move(value);
    } else {
      if (parent.find(pending->text) != nullptr) {
        reporter_.error(pending->line, fmt::format("\"{}\" is there twice.", pending->text));
      }
      value.key = std::move(pending->text);
      value.line = pending->line;
      pending.reset();
      parent.items.push_back(std::move(value));
    }
  }

  Reporter& reporter_;
  std::vector<Open> open_;
  std::optional<Value> root_;
};

}  // namespace

const Value* Value::find(std::string_view name) const {
  if (kind != Kind::Map) return nullptr;
  const auto at = std::ranges::find(items, name, &Value::key);
  return at == items.end() ? nullptr : &*at;
}

std::optional<Value> parse_yaml(std::string_view text, Reporter& reporter) {
  Builder builder(reporter);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      reporter.error(0, "The file is empty.");
      return std::nullopt;
    }
    std::optional<Value> root = builder.take();
    Builder more(reporter);
    if (parser.HandleNextDocument(more)) reporter.error(0, "The file holds more than one document.");
    return root;
  } catch (const YAML::Exception& problem) {
    reporter.error(line_of(problem.mark), fmt::format("Not YAML: {}.", problem.msg));
  } catch (const TooDeep&) {
  }
  return std::nullopt;
}

}  // namespace tamroi::catalogue
