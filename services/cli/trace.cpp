#include <cstdlib>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/time.h"
#include "cli/audits.h"
#include "cli/changes.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/tree_of_units.h"

namespace tamroi::cli {
namespace {

namespace json = boost::json;

// The link that a line was told from.
std::string link(const Look& look, std::size_t indent, const std::string& target) { return paragraph(look, indent, "GET " + target, Tone::Faint); }

class Tracing {
 public:
  Tracing(Client& client, const TreeOfUnits& tree, Subject subject, const TraceWish& wish, const Screen& screen)
      : client_(client), tree_(tree), subject_(std::move(subject)), wish_(wish), screen_(screen) {}

  // The unit and all below it; the refusal where the server gives none.
  std::optional<Reply> unit(const std::string& code, std::size_t depth) {
    const auto target = fmt::format("/v1/rounds/{}/units/{}/indicators/{}", encoded(subject_.round), encoded(code), subject_.indicator);
    const auto asked = target + query_of({{"as_of", subject_.as_of}, {"revision", subject_.revision == 0 ? "" : fmt::to_string(subject_.revision)}});
    auto reply = client_.get(asked);
    const auto result = parse_object(reply.body);
    if (reply.status == 404 && depth > 0) return std::nullopt;  // not open there
    if (reply.status != 200 || !result) return reply;
    json::object told{{"unit", code}, {"link", asked}, {"result", *result}};
    auto head = tree_.named(code);
    if (const auto level = integer_at(*result, "level")) head += fmt::format(": level {}, score {}", *level, text_at(*result, "score"));
    say(depth, head, Tone::Strong);
    for (const auto& [name, figure] : object_at(*result, "measures")) {
      if (wanted(name)) say(depth + 1, fmt::format("{}: {}", std::string_view(name), figure_text(as_object(figure))));
    }
    screen_link(depth + 1, asked);
    const auto is = tree_.level(code);
    if (is == "district" || is == "province") {
      criteria(*result, depth + 1);
      if (auto failed = records(target, depth + 1, told)) return failed;
    }
    all_.push_back(std::move(told));
    for (const auto& child : tree_.children(code)) {
      if (auto failed = unit(child, depth + 1)) return failed;
    }
    return std::nullopt;
  }

  [[nodiscard]] json::array& all() { return all_; }

 private:
  [[nodiscard]] bool wanted(std::string_view measure) const { return wish_.measure.empty() || measure == wish_.measure; }
  void say(std::size_t depth, const std::string& text, Tone tone = Tone::Plain) {
    if (!screen_.json) screen_.output << paragraph(screen_.look, 2 * depth, text, tone);
  }
  void screen_link(std::size_t depth, const std::string& target) {
    if (!screen_.json) screen_.output << link(screen_.look, 2 * depth, target);
  }

  void criteria(const json::object& result, std::size_t depth) {
    for (const auto& each : array_at(result, "levels")) {
      const auto& level = as_object(each);
      for (const auto& value : array_at(level, "criteria")) {
        const auto& criterion = as_object(value);
        if (!wanted(text_at(criterion, "measure"))) continue;
        const bool met = true_at(criterion, "met");
        say(depth, fmt::format("{} level {}: {} is {}; needed: {} ({})", met ? "✓" : "✗", integer_at(level, "level").value_or(0), text_at(criterion, "measure"),
                               text_at(criterion, "actual"), text_at(criterion, "needs"), text_at(criterion, "source")), met ? Tone::Good : Tone::Bad);
        const auto& lacks = object_at(criterion, "lacks");
        if (const auto total = integer_at(lacks, "total")) say(depth + 1, fmt::format("{} lacking", *total));
      }
    }
  }

  // The newest changes of it, with the records that made them.
  std::optional<Reply> records(const std::string& target, std::size_t depth, json::object& told) {
    std::uint32_t left = wish_.records;
    json::array changes;
    std::string cursor;
    while (left > 0) {
      const auto asked = target + "/history" + query_of({{"cursor", cursor}, {"limit", "100"}});
      auto reply = client_.get(asked);
      const auto page = parse_object(reply.body);
      if (reply.status != 200 || !page) return reply;
      for (const auto& value : array_at(*page, "changes")) {
        const auto& change = as_object(value);
        const bool about = wish_.measure.empty() || object_at(change, "measures").contains(wish_.measure);
        if (!about || after_cut(change) || left == 0) continue;
        --left;
        auto one = change;
        record(change, depth, one);
        changes.push_back(std::move(one));
      }
      cursor = text_at(*page, "next_cursor");
      if (cursor.empty()) break;
    }
    told["changes"] = std::move(changes);
    return std::nullopt;
  }

  // Whether it came after what was asked for; of a cut of the ledger nothing is known here.
  [[nodiscard]] bool after_cut(const json::object& change) const {
    if (subject_.as_of.empty() || subject_.as_of.starts_with("ledger:")) return false;
    const auto& cause = object_at(change, "cause");
    const auto& position = object_at(cause, "position");
    const auto colon = subject_.as_of.find(':');
    if (colon != std::string::npos && subject_.as_of.substr(0, colon) == text_at(position, "stream")) {
      return integer_at(position, "offset").value_or(0) > std::strtoll(subject_.as_of.c_str() + colon + 1, nullptr, 10);
    }
    const auto cut = base::parse_instant(subject_.as_of);
    const auto at = base::parse_instant(text_at(cause, "recorded_at"));
    return cut && at && *at > *cut;
  }

  void record(const json::object& change, std::size_t depth, json::object& told) {
    const auto& cause = object_at(change, "cause");
    const auto& actor = object_at(cause, "actor");
    const auto& position = object_at(cause, "position");
    say(depth, fmt::format("{}, {}: {} {} by {}, {} of {}", position_text(position), bangkok_text(text_at(cause, "recorded_at")), text_at(cause, "kind"),
                           text_at(cause, "id"), text_at(actor, "account"), text_at(actor, "role"), text_at(actor, "unit")), tone_of(change));
    if (const auto standing = standing_changes(change); !standing.empty()) say(depth + 1, standing);
    for (const auto& measure : measure_changes(change)) say(depth + 1, measure);
    if (const auto reason = text_at(cause, "reason"); !reason.empty()) say(depth + 1, "reason: " + reason);
    if (const auto* letter = cause.if_contains("letter")) say(depth + 1, "letter: " + json::serialize(*letter));
    const auto target = fmt::format("/v1/streams/{}/records?from={}&limit=1&outcome=true", text_at(position, "stream"), integer_at(position, "offset").value_or(0));
    if (!reads_streams_) return;
    const auto reply = client_.get(target);
    reads_streams_ = reply.status != 403;
    const auto page = parse_object(reply.body);
    if (reply.status != 200 || !page || array_at(*page, "records").empty()) return;
    const auto& stored = as_object(array_at(*page, "records").front());
    told["record_sha256"] = text_at(stored, "sha256");
    told["record_link"] = target;
    say(depth + 1, fmt::format("SHA-256 {}", text_at(stored, "sha256")));
    facts(object_at(stored, "record"), depth + 1);
    screen_link(depth + 1, target);
  }

  // What it recorded, corrected and withdrew.
  void facts(const json::object& record, std::size_t depth) {
    const auto* sent = record.if_contains("body");
    const auto body = sent != nullptr && sent->is_string() ? parse_object(sent->get_string()) : std::nullopt;
    if (!body) return;
    std::map<std::string, std::size_t> counts;
    for (const auto& value : array_at(*body, "entries")) {
      const auto& entry = as_object(value);
      ++counts[fmt::format("{} {}", text_at(entry, "op"), entry.contains("type") ? text_at(entry, "type") : text_at(entry, "fact"))];
    }
    for (const auto& [what, count] : counts) say(depth, fmt::format("{} × {}", count, what));
  }

  Client& client_;
  const TreeOfUnits& tree_;
  const Subject subject_;
  const TraceWish& wish_;
  const Screen& screen_;
  bool reads_streams_ = true;
  json::array all_;
};

}  // namespace

Exit trace(Client& client, const Subject& subject, const TraceWish& wish, const Screen& screen) {
  const auto tree = TreeOfUnits::ask(client, subject.unit);
  if (!tree) return tell_refusal(tree.error(), screen);
  auto asked = subject;
  if (asked.round.empty()) asked.round = tree->round();
  Tracing tracing(client, *tree, asked, wish, screen);
  if (const auto failed = tracing.unit(subject.unit, 0)) return tell_refusal(*failed, screen);
  if (screen.json) print_body(json::serialize(json::object{{"round", asked.round}, {"indicator", asked.indicator}, {"units", std::move(tracing.all())}}), screen);
  return Exit::Done;
}

}  // namespace tamroi::cli
