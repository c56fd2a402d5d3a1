#include "reporting/control_fold.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "reporting/fold_ended.h"
#include "reporting/permissions.h"
#include "reporting/province_fold.h"

namespace tamroi::reporting {
namespace {

using base::Code;
using base::JsonValue;

void add(Problems& problems, JsonValue body, std::string_view member, Code code, std::string why) {
  const auto value = body.member(member);
  problems.add(value ? value.order() : body.order(), code, fmt::format("/{}", member), std::move(why));
}

// How many months are closed where that one is.
std::uint32_t months_until(const catalogue::Plan& plan, std::string_view month) {
  return static_cast<std::uint32_t>(std::ranges::find(plan.months, month, &catalogue::Period::name) - plan.months.begin()) + 1;
}

}  // namespace

event::Outcome ControlFold::step(const event::Record& record, event::Offset offset) {
  if (record.kind != event::Kind::Control) throw base::Defect("the control stream holds a record that is no control");
  if (counted_ > fold_version) {
    throw FoldEnded(fmt::format("version {} of the fold counts since, and this program has version {}: start a program that has it", counted_, fold_version));
  }
  base::Json document;
  const auto admitted = read_control(document, record.body);
  if (!admitted) throw base::Defect("undecodable control: " + admitted.error());
  recorded_at_ = std::max(recorded_at_, record.received_at);
  event::Outcome outcome;
  outcome.position = {event::control_stream, offset};
  outcome.recorded_at = recorded_at_;
  // A control is judged alike under every version until now; what is published says which one counts.
  outcome.fold_version = counted_;
  outcome.round = admitted->round;
  const auto body = document.root();
  if (const auto first = first_of(record.id)) {
    const auto earlier = body_(*first);
    base::Json other;
    const auto parsed = other.parse(earlier);
    CHECK(parsed.has_value());
    if (same_body(body, *parsed)) {
      outcome.verdict = event::Verdict::Repeat;
      outcome.repeat_of = {event::control_stream, *first};
    } else {
      outcome.verdict = event::Verdict::Rejected;
      set_problems(outcome, {{Code::IdReused, "/id", fmt::format("This id was used with another body at control:{}.", *first)}});
    }
    return outcome;
  }
  first_.emplace(record.id, offset);
  judge(record, offset, body, outcome);
  return outcome;
}

void ControlFold::judge(const event::Record& record, event::Offset offset, JsonValue body, event::Outcome& outcome) {
  Problems problems;
  const auto type = parse_control_type(body.member("type").text());
  ControlBody control;
  if (!type) {
    add(problems, body, "type", Code::UnknownType, "There is no such control.");
  } else {
    control = read_control_body(*type, body, problems);
    switch (*type) {
      case ControlType::CataloguePublished: judge_catalogue(control, body, problems); break;
      case ControlType::AccountGranted:
      case ControlType::AccountRevoked: judge_account(control, body, problems); break;
      case ControlType::Quarantined:
        if (control.stream && !event::parse_stream(*control.stream)) add(problems, body, "stream", Code::BadValue, "There is no such stream.");
        break;
      case ControlType::FoldActivated:
        if (control.fold_version && *control.fold_version <= counted_) add(problems, body, "fold_version", Code::OutOfOrder, "That version, or a later one, is active.");
        break;
      default: judge_round(control, body, record.actor, problems);
    }
    if (control.round && is_numbered(*type) && *type != ControlType::CataloguePublished && published_.plan(*control.round) == nullptr) {
      Problems alone;
      add(alone, body, "round", Code::UnknownRound, "No catalogue of this round was published.");
      std::swap(problems, alone);
    }
  }
  if (!problems.empty()) {
    outcome.verdict = event::Verdict::Rejected;
    return set_problems(outcome, problems.take());
  }
  outcome.verdict = event::Verdict::Accepted;
  apply(control, offset);
  if (is_numbered(*type)) {
    numbered_.push_back({numbered_.size() + 1, offset, recorded_at_});
    outcome.control_number = numbered_.size();
  }
}

std::vector<std::string> ControlFold::provinces_of(const ControlBody& body, const catalogue::Plan& plan) const {
  std::vector<std::string> provinces;
  const auto* unit = body.unit ? plan.units.find(*body.unit) : nullptr;
  if (unit == nullptr) return provinces;
  for (const auto& other : plan.units.all()) {
    if (other.level != catalogue::Level::Province) continue;
    if (unit->level == catalogue::Level::Ministry || other.code == unit->code) provinces.push_back(other.code);
  }
  return provinces;
}

void ControlFold::judge_round(const ControlBody& body, JsonValue json, const event::Actor&, Problems& problems) {
  const auto* plan = body.round ? published_.plan(*body.round) : nullptr;
  if (plan == nullptr) return;
  if (body.type == ControlType::RoundOpened) return judge_opening(body, json, *plan, problems);
  const auto& round = rounds_[*body.round];
  if (!round.opened) add(problems, json, "round", Code::RoundNotOpen, "The round is not open yet.");
  if (body.type == ControlType::TargetSet) return judge_target(body, json, *plan, problems);
  // Where it is not known which provinces are meant, or none can be ahead, the order is not looked at.
  auto provinces = provinces_of(body, *plan);
  if (body.unit && provinces.empty()) add(problems, json, "unit", Code::UnknownUnit, "A province, or TH, is expected.");
  if (!round.opened) provinces.clear();
  if (body.type == ControlType::PeriodClosed) return judge_month(body, json, *plan, provinces, problems);
  if (body.type == ControlType::CriteriaRevised) return judge_revision(body, json, *plan, provinces, problems);
  if (!provinces.empty() && std::ranges::all_of(provinces, [&](const auto& p) { return round.provinces.at(p).closed; })) {
    add(problems, json, "round", Code::OutOfOrder, "The round is closed already.");
  }
}

void ControlFold::judge_opening(const ControlBody& body, JsonValue json, const catalogue::Plan& plan, Problems& problems) {
  if (rounds_[plan.round].opened) add(problems, json, "round", Code::OutOfOrder, "The round is open already.");
  if (body.revision && plan.revision(*body.revision) == nullptr) add(problems, json, "revision", Code::BadValue, "The catalogue has no such revision.");
}

void ControlFold::judge_month(const ControlBody& body, JsonValue json, const catalogue::Plan& plan, const std::vector<std::string>& provinces, Problems& problems) {
  if (!body.month) return;
  const auto month = std::ranges::find(plan.months, *body.month, &catalogue::Period::name);
  if (month == plan.months.end()) return add(problems, json, "month", Code::BadValue, "The round has no such month.");
  const auto index = static_cast<std::uint32_t>(month - plan.months.begin());
  if (base::bangkok_date(recorded_at_) <= month->last) add(problems, json, "month", Code::InTheFuture, "The month has not ended yet.");
  const auto& round = rounds_[plan.round];
  const auto months = [&](const std::string& province) { return round.provinces.at(province).closed_months; };
  if (std::ranges::any_of(provinces, [&](const auto& p) { return months(p) < index; })) {
    add(problems, json, "month", Code::OutOfOrder, "An earlier month is not closed yet.");
  } else if (!provinces.empty() && std::ranges::all_of(provinces, [&](const auto& p) { return months(p) > index; })) {
    add(problems, json, "month", Code::OutOfOrder, "The month is closed already.");
  }
}

void ControlFold::judge_revision(const ControlBody& body, JsonValue json, const catalogue::Plan& plan, const std::vector<std::string>& provinces, Problems& problems) {
  if (!body.revision) return;
  if (plan.revision(*body.revision) == nullptr) return add(problems, json, "revision", Code::BadValue, "The catalogue has no such revision.");
  const auto& round = rounds_[plan.round];
  if (!provinces.empty() && std::ranges::all_of(provinces, [&](const auto& p) { return round.provinces.at(p).revision >= *body.revision; })) {
    add(problems, json, "revision", Code::OutOfOrder, "That revision, or a later one, is in force.");
  }
}

void ControlFold::judge_target(const ControlBody& body, JsonValue json, const catalogue::Plan& plan, Problems& problems) {
  if (body.unit && json.member("unit")) {
    const auto* unit = plan.units.find(*body.unit);
    if (unit == nullptr || unit->level < catalogue::Level::Province) add(problems, json, "unit", Code::UnknownUnit, "A province or district is expected.");
  }
  if (!body.indicator) return;
  const auto any = [&](std::uint32_t number) {
    return std::ranges::any_of(plan.measures, [&](const auto& measure) { return plan.takes_target(number, measure.name); });
  };
  if (!any(*body.indicator)) return add(problems, json, "indicator", Code::BadValue, "No measure of this indicator takes a target.");
  if (body.measure && !plan.takes_target(*body.indicator, *body.measure)) add(problems, json, "measure", Code::BadValue, "This measure takes no target.");
}

void ControlFold::judge_catalogue(const ControlBody& body, JsonValue json, Problems& problems) {
  if (!body.files) return;
  const auto compiled = plans_->compile(*body.files);
  const auto files = json.member("files");
  const auto report = [&](const catalogue::Finding& finding) {
    const auto at = files.member(finding.file);
    problems.add(at ? at.order() : files.order(), Code::BadValue, "/files/" + base::pointer_token(finding.file),
                 finding.line > 0 ? fmt::format("Line {}: {}", finding.line, finding.why) : finding.why);
  };
  if (compiled.plan == nullptr) {
    for (const auto& finding : compiled.findings) {
      if (finding.severity == catalogue::Finding::Severity::Error) report(finding);
    }
    return;
  }
  if (body.round && compiled.plan->round != *body.round) return add(problems, json, "round", Code::BadValue, "The files are of another round.");
  if (const auto* before = published_.plan(compiled.plan->round)) {
    for (const auto& finding : catalogue::compare(*before, *compiled.plan)) report(finding);
  }
}

void ControlFold::judge_account(const ControlBody& body, JsonValue json, Problems& problems) {
  if (body.type == ControlType::AccountRevoked) {
    const auto found = body.account ? accounts_.find(*body.account) : accounts_.end();
    if (body.account && (found == accounts_.end() || found->second.revoked)) add(problems, json, "account", Code::OutOfOrder, "There is no such account, or it is revoked.");
    return;
  }
  const auto role = body.role ? parse_role(*body.role) : std::nullopt;
  if (body.role && (!role || *role == Role::System)) add(problems, json, "role", Code::BadValue, "There is no such role.");
  if (role && body.unit && json.member("unit")) {
    const auto& units = published_.units();
    const auto* unit = units.find(*body.unit);
    const auto wanted = *role == Role::DistrictOfficer ? catalogue::Level::District : *role == Role::ProvinceOfficer ? catalogue::Level::Province : catalogue::Level::Ministry;
    const bool ministry = wanted == catalogue::Level::Ministry && *body.unit == "TH";
    if (!ministry && (unit == nullptr || unit->level != wanted)) add(problems, json, "unit", Code::UnknownUnit, "The unit is not of the kind that the role has.");
  }
  if (!body.token_sha256) return;
  const auto holder = by_token_.find(*body.token_sha256);
  if (holder != by_token_.end() && (!body.account || holder->second != *body.account)) add(problems, json, "token_sha256", Code::BadValue, "Another account has this token.");
}

void ControlFold::apply(const ControlBody& body, event::Offset offset) {
  const event::Position position{event::control_stream, offset};
  const auto in_each = [&](auto change) {
    const auto& plan = *published_.plan(*body.round);
    for (const auto& province : provinces_of(body, plan)) change(rounds_[*body.round].provinces[province], plan);
  };
  const auto turn = [&](Turn what) {
    what.number = numbered_.size() + 1;
    published_.turns.push_back(std::move(what));
  };
  switch (body.type) {
    case ControlType::RoundOpened: {
      rounds_[*body.round].opened = true;
      rounds_[*body.round].automatic = body.automatic;
      in_each([&](auto& facts, const auto&) { facts.revision = *body.revision; });
      break;
    }
    case ControlType::PeriodClosed:
      in_each([&](auto& facts, const auto& plan) {
        facts.closed_months = std::max(facts.closed_months, months_until(plan, *body.month));
      });
      turn({.round = *body.round, .unit = *body.unit, .closed_months = months_until(*published_.plan(*body.round), *body.month)});
      break;
    case ControlType::CriteriaRevised: in_each([&](auto& facts, const auto&) { facts.revision = std::max(facts.revision, *body.revision); }); break;
    case ControlType::RoundClosed: in_each([](auto& facts, const auto&) { facts.closed = true; }); break;
    case ControlType::CataloguePublished: {
      auto plan = plans_->compile(*body.files).plan;
      published_.plans[plan->round] = plan;
      turn({.round = plan->round, .plan = plan});
      break;
    }
    case ControlType::AccountGranted: {
      auto& account = accounts_[*body.account];
      by_token_.erase(account.token_sha256);
      account = {*body.account, *body.role, *body.unit, *body.token_sha256, body.expires_on, position, std::nullopt};
      by_token_[account.token_sha256] = account.account;
      ++account_changes_;
      break;
    }
    case ControlType::AccountRevoked: {
      auto& account = accounts_.at(*body.account);
      account.revoked = position;
      by_token_.erase(account.token_sha256);
      ++account_changes_;
      break;
    }
    case ControlType::Quarantined: quarantines_[{*event::parse_stream(*body.stream), *body.offset}] = *body.record_sha256; break;
    case ControlType::FoldActivated:
      counted_ = *body.fold_version;
      turn({.fold_version = counted_});
      break;
    case ControlType::TargetSet: break;
  }
}

const Account* ControlFold::account_of_token(const std::string& token_sha256) const {
  const auto found = by_token_.find(token_sha256);
  return found == by_token_.end() ? nullptr : &accounts_.at(found->second);
}

std::optional<event::Offset> ControlFold::first_of(const base::Uuid& id) const {
  const auto found = first_.find(id);
  if (found == first_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> ControlFold::quarantine(event::Position position) const {
  const auto found = quarantines_.find(position);
  if (found == quarantines_.end()) return std::nullopt;
  return found->second;
}

std::vector<ControlFold::Automatic> ControlFold::automatic() const {
  std::vector<Automatic> result;
  for (const auto& [name, round] : rounds_) {
    if (!round.opened || !round.automatic) continue;
    std::uint32_t least = 0xFFFFFFFF;
    for (const auto& [province, facts] : round.provinces) least = std::min(least, facts.closed_months);
    result.push_back({name, least});
  }
  return result;
}

}  // namespace tamroi::reporting
