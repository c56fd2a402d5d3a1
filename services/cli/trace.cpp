#include "cli/trace.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/asking.h"
#include "cli/changes.h"
#include "cli/display.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/trace_tree.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

// How far a unit is from its best: by level, then by the least of its shares.
struct Standing {
  std::int64_t level = 0;
  double share = 1;  // for the order alone
  auto operator<=>(const Standing&) const = default;
};

class Tracing {
 public:
  Tracing(Client& client, const Subject& subject, const TraceWish& wish, TreeOfUnits tree)
      : client_(client), subject_(subject), wish_(wish), tree_(std::move(tree)) {}

  TraceStep unit(const std::string& code) {
    TraceStep step;
    step.path = route(code, fmt::format("/indicators/{}", subject_.indicator), {});
    step.answer = ask(client_, step.path);
    const auto level = integer_at(step.answer, "level");
    step.what = tree_.named(code) + (level ? fmt::format(": level {}, score {} of {}", *level, text_at(step.answer, "score"), text_at(step.answer, "weight")) : "");
    step.tone = Tone::Strong;
    for (const auto& [name, figure] : object_at(step.answer, "measures")) {
      if (is_wanted(name)) step.about.push_back(fmt::format("{} {}", std::string_view(name), figure_text(as_object(figure))));
    }
    const auto children = tree_.children(code);
    if (children.empty()) {
      add_criteria(step);
      add_facts(step, code);
    } else {
      add_children(step, children);
    }
    if (level) add_changes(step, code);
    return step;
  }

 private:
  [[nodiscard]] bool is_wanted(std::string_view measure) const { return wish_.measure.empty() || wish_.measure == measure; }
  [[nodiscard]] std::string route(const std::string& unit, const std::string& rest, std::vector<std::pair<std::string_view, std::string>> more) const {
    if (!subject_.as_of.empty()) more.emplace_back("as_of", subject_.as_of);
    if (subject_.revision > 0) more.emplace_back("revision", fmt::to_string(subject_.revision));
    return route_of(subject_.round, unit, rest, query_of(more));
  }

  // Where each child stands is asked first, so that what lacks most is followed.
  void add_children(TraceStep& step, const std::vector<std::string>& children) {
    std::vector<std::pair<Standing, std::string>> standings;
    for (const auto& child : children) {
      auto reply = client_.get(route(child, "/results", {}));
      const auto results = parse_object(reply.body);
      if (reply.status == 404) continue;  // not open there
      if (reply.status != 200 || !results) throw Refused{std::move(reply)};
      standings.emplace_back(standing_in(*results), child);
    }
    std::ranges::sort(standings);
    const auto shown = std::min(standings.size(), wish_.limit);
    for (std::size_t i = 0; i < shown; ++i) step.below.push_back(unit(standings[i].second));
    step.left_out = standings.size() - shown;
  }

  [[nodiscard]] Standing standing_in(const json::object& results) const {
    Standing standing;
    for (const auto& value : array_at(results, "indicators")) {
      const auto& result = as_object(value);
      if (integer_at(result, "indicator") != subject_.indicator) continue;
      standing.level = wish_.measure.empty() ? integer_at(result, "level").value_or(0) : 0;
      for (const auto& [name, figure] : object_at(result, "measures")) {
        const auto numerator = integer_at(as_object(figure), "numerator");
        const auto denominator = integer_at(as_object(figure), "denominator");
        if (!is_wanted(name) || !numerator || !denominator || *denominator <= 0) continue;
        standing.share = std::min(standing.share, static_cast<double>(*numerator) / static_cast<double>(*denominator));
      }
    }
    return standing;
  }

  // Of the first level that does not count.
  void add_criteria(TraceStep& step) const {
    for (const auto& value : array_at(step.answer, "levels")) {
      const auto& level = as_object(value);
      if (true_at(level, "counts")) continue;
      for (const auto& one : array_at(level, "criteria")) {
        const auto& criterion = as_object(one);
        if (true_at(criterion, "met") || !is_wanted(text_at(criterion, "measure"))) continue;
        TraceStep below;
        below.what = fmt::format("level {} needs {} {} (is {})", integer_at(level, "level").value_or(0), text_at(criterion, "measure"),
                                 text_at(criterion, "needs"), text_at(criterion, "actual"));
        below.tone = Tone::Bad;
        below.about.push_back(text_at(criterion, "source"));
        add_lacking(below, object_at(criterion, "lacks"));
        below.answer = criterion;
        step.below.push_back(std::move(below));
      }
      return;
    }
  }

  void add_lacking(TraceStep& step, const json::object& lacks) const {
    const auto& first = array_at(lacks, "first");
    const auto shown = std::min(first.size(), wish_.limit);
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& lack = as_object(first[i]);
      auto line = "lacking: " + text_at(lack, "unit");
      for (const auto* member : {"entity", "period"}) {
        if (const auto text = text_at(lack, member); !text.empty()) line += " " + text;
      }
      step.about.push_back(fmt::format("{} ({})", line, text_at(lack, "actual")));
    }
    const auto total = integer_at(lacks, "total").value_or(0);
    if (total > static_cast<std::int64_t>(shown)) step.about.push_back(fmt::format("and {} more lacking", total - static_cast<std::int64_t>(shown)));
  }

  // Facts of the types that the measures count, with the records that they came in.
  void add_facts(TraceStep& step, const std::string& code) {
    std::set<std::string> types;
    for (const auto& [measure, counted] : object_at(step.answer, "fact_types")) {
      if (!is_wanted(measure) || !counted.is_array()) continue;
      for (const auto& type : counted.get_array()) {
        if (type.is_string()) types.emplace(type.get_string());
      }
    }
    for (const auto& type : types) {
      TraceStep below;
      below.path = route(code, "/facts", {{"type", type}, {"limit", fmt::to_string(wish_.limit)}});
      below.what = "facts of the type " + type;
      auto reply = client_.get(below.path);
      const auto page = parse_object(reply.body);
      if (reply.status != 200 || !page) {
        below.about.push_back(refusal_line(reply));
      } else {
        for (const auto& fact : array_at(*page, "facts")) below.below.push_back(fact_step(as_object(fact)));
        if (below.below.empty()) below.about.emplace_back("There are none.");
        if (!text_at(*page, "next_cursor").empty()) below.about.emplace_back("and more of them");
      }
      step.below.push_back(std::move(below));
    }
  }

  TraceStep fact_step(const json::object& fact) {
    TraceStep step;
    step.what = fmt::format("{} {} {}{}{}", text_at(fact, "occurred_on"), text_at(fact, "fact"), json::serialize(object_at(fact, "values")),
                            true_at(fact, "live") ? "" : " (withdrawn)", true_at(fact, "late") ? " (late)" : "");
    step.answer = fact;
    step.below.push_back(record_step(object_at(fact, "position")));
    for (const auto& correction : array_at(fact, "corrections")) step.below.push_back(record_step(object_at(as_object(correction), "position")));
    return step;
  }

  // The records that moved the figure last; of a cut, whose history goes on, the last one before it.
  void add_changes(TraceStep& step, const std::string& code) {
    TraceStep below;
    if (!subject_.as_of.empty()) {
      const auto& last = object_at(step.answer, "last_change");
      if (!last.empty()) step.below.push_back(record_step(last));
      return;
    }
    below.what = "what changed it last";
    const auto query = query_of({{"limit", fmt::to_string(wish_.limit)}});
    below.path = route_of(subject_.round, code, fmt::format("/indicators/{}/history", subject_.indicator), query);
    const auto page = ask(client_, below.path);
    for (const auto& value : array_at(page, "changes")) {
      const auto& change = as_object(value);
      auto record = record_step(object_at(object_at(change, "cause"), "position"));
      record.about.insert(record.about.begin(), change_text(change));
      below.below.push_back(std::move(record));
    }
    if (!below.below.empty()) step.below.push_back(std::move(below));
  }

  [[nodiscard]] static std::string change_text(const json::object& change) {
    auto text = standing_changes(change);
    for (const auto& measure : measure_changes(change)) text += (text.empty() ? "" : "; ") + measure;
    return text;
  }

  TraceStep record_step(const json::object& position) {
    TraceStep step;
    step.what = "record " + position_text(position);
    const auto query = query_of({{"from", fmt::to_string(integer_at(position, "offset").value_or(0))}, {"limit", "1"}, {"outcome", "true"}});
    step.path = fmt::format("/v1/streams/{}/records{}", encoded(text_at(position, "stream")), query);
    const auto reply = client_.get(step.path);
    const auto page = parse_object(reply.body);
    if (reply.status != 200 || !page || array_at(*page, "records").empty()) {
      step.about.push_back(refusal_line(reply));
      return step;
    }
    step.answer = as_object(array_at(*page, "records").front());
    tell_record(step);
    return step;
  }

  static void tell_record(TraceStep& step) {
    const auto& record = object_at(step.answer, "record");
    const auto& outcome = object_at(step.answer, "outcome");
    const auto& actor = object_at(record, "actor");
    step.about.push_back(fmt::format("{} {} by {}, {} of {}, recorded at {}, {}", text_at(record, "kind"), text_at(record, "id"), text_at(actor, "account"),
                                     text_at(actor, "role"), text_at(actor, "unit"), bangkok_text(text_at(outcome, "recorded_at")), text_at(outcome, "verdict")));
    if (const auto body = parse_object(text_at(record, "body"))) {
      if (const auto reason = text_at(*body, "reason"); !reason.empty()) step.about.push_back("reason: " + reason);
      const auto* letter = body->if_contains("letter");
      if (letter != nullptr) step.about.push_back("letter: " + (letter->is_string() ? std::string(letter->get_string()) : json::serialize(*letter)));
    }
    step.about.push_back("SHA-256 " + text_at(step.answer, "sha256"));
    const auto& changes = array_at(outcome, "changes");
    if (!changes.empty()) step.about.push_back(fmt::format("changed {} results", changes.size()));
  }

  [[nodiscard]] static std::string refusal_line(const Reply& reply) {
    if (reply.status == 403) return "This is for others to read: records for auditors, facts for those whom they concern.";
    return fmt::format("The server answered with {}.", reply.status);
  }

  Client& client_;
  const Subject& subject_;
  const TraceWish& wish_;
  TreeOfUnits tree_;
};

}  // namespace

Exit trace(Client& client, Subject subject, const TraceWish& wish, const Screen& screen) {
  try {
    auto tree = ask_tree(client, subject);
    const auto step = Tracing(client, subject, wish, std::move(tree)).unit(subject.unit);
    if (screen.json) {
      print_body(json::serialize(trace_json(step)), screen);
    } else {
      screen.output << paragraph(screen.look, 0, fmt::format("Indicator {}, round {}", subject.indicator, subject.round), Tone::Strong)
                    << paragraph(screen.look, 0, reach_text(step.answer), Tone::Faint) << show_trace(step, screen.look);
    }
    return Exit::Done;
  } catch (const Refused& refused) {
    return tell_refusal(refused.reply, screen);
  }
}

}  // namespace tamroi::cli
