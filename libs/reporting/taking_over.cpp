// How a later version of the fold takes over from what an earlier one published.

#include <algorithm>

#include "base/check.h"
#include "reporting/control_body.h"
#include "reporting/province_fold.h"
#include "scoring/snapshot.h"

namespace tamroi::reporting {
namespace {

// The same but for where the last change was.
bool same_result(event::HistoryRow a, const event::HistoryRow& b) {
  a.changed = b.changed;
  a.last_change = b.last_change;
  return a == b;
}

event::Change change_between(const event::HistoryRow& before, const event::HistoryRow& after) {
  event::Change change{after.round, after.unit, after.indicator, before.standing, after.standing, {}, after.revision};
  for (const auto& figure : after.figures) {
    const auto earlier = std::ranges::find(before.figures, figure.measure, &event::Figure::measure);
    const auto was = earlier != before.figures.end() ? *earlier : event::Figure{figure.measure, event::Figure::Form::Undefined, 0, 0, ""};
    if (!was.same_value(figure)) change.measures.emplace_back(was, figure);
  }
  return change;
}

}  // namespace

bool ProvinceFold::begins_to_count(const event::Record& record) const {
  if (counts() || record.kind != event::Kind::ControlCopy || record.number != controls_.size() + 1) return false;
  base::Json document;
  const auto admitted = read_control(document, record.body);
  if (!admitted || parse_control_type(admitted->type) != ControlType::FoldActivated) return false;
  Problems problems;
  return read_control_body(ControlType::FoldActivated, document.root(), problems).fold_version == fold_version;
}

void ProvinceFold::take_over(const CurrentResults& published, event::Outcome& outcome) {
  outcome.changes.clear();
  outcome.rows.clear();
  for (const auto& [name, state] : rounds_) {
    if (state->opened) take_over(*state, published, outcome);
  }
}

void ProvinceFold::take_over(RoundState& state, const CurrentResults& published, event::Outcome& outcome) {
  const auto& plan = state.plan();
  for (std::size_t unit = 0; unit < state.measures.unit_count(); ++unit) {
    const auto& code = state.measures.unit_code(unit);
    for (catalogue::Index indicator = 0; indicator < plan.indicators.size(); ++indicator) {
      auto row = scoring::to_row(plan, indicator, code, state.measures.published(unit, indicator));
      auto& last = state.last_change[{unit, indicator}];
      last = {};
      event::HistoryRow before;
      if (const auto kept = published.rows().find(CurrentResults::key(plan.round, code, row.indicator)); kept != published.rows().end()) {
        const auto decoded = event::decode_history_row(kept->second);
        CHECK(decoded.has_value());
        before = *decoded;
        if (before.last_change) last = *before.last_change;
        if (same_result(row, before)) continue;
      } else if (row.standing == event::Standing{} && row.figures.empty()) {
        continue;
      }
      auto change = change_between(before, row);
      row.changed = change.before != change.after || !change.measures.empty();
      if (row.changed) {
        last = outcome.position;
        outcome.changes.push_back(std::move(change));
      }
      if (last.stream == stream_) row.last_change = last;
      outcome.rows.push_back(std::move(row));
    }
  }
}

}  // namespace tamroi::reporting
