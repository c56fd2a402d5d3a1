#include "simulation/retelling.h"

#include <algorithm>

#include "base/check.h"
#include "reporting/system_records.h"
#include "simulation/mismatch.h"

namespace tamroi::simulation {

namespace json = boost::json;

namespace {

// The parts of a fold as a database keeps them.
class KeptParts final : public reporting::Parts {
 public:
  void erase(std::string_view prefix) override {
    std::erase_if(parts_, [&](const auto& part) { return part.first.starts_with(prefix); });
  }
  void put(std::string_view key, std::string_view bytes) override { parts_[std::string(key)] = bytes; }
  void load_into(reporting::ProvinceFold& fold) const {
    for (const auto& [key, bytes] : parts_) fold.load(key, bytes);
  }

 private:
  std::map<std::string, std::string> parts_;
};

bool same_but_ties(const LiveFact& a, const LiveFact& b) { return a.type == b.type && a.occurred_on == b.occurred_on; }

// Whether `earlier` must be recorded before `later`: it registers what the other uses, or both would be the latest
// of a day, where the order of recording decides.
bool comes_before(const catalogue::Plan& plan, const LiveFact& earlier, const LiveFact& later) {
  if (same_but_ties(earlier, later))
    return std::pair(earlier.offset, earlier.entry) < std::pair(later.offset, later.entry);
  const auto& registering = plan.fact_types[plan.fact_type(earlier.type)];
  if (registering.registers == catalogue::none) return false;
  const auto& registered = registering.fields[registering.registers];
  const auto& type = plan.fact_types[plan.fact_type(later.type)];
  return std::ranges::any_of(type.fields, [&](const catalogue::Field& field) {
    if (field.kind != catalogue::FieldKind::Entity || field.entity_register != registered.entity_register) return false;
    const auto* name = later.values.if_contains(field.name);
    return name != nullptr && *name == earlier.values.at(registered.name);
  });
}

std::vector<const LiveFact*> in_another_order(const catalogue::Plan& plan, const std::vector<LiveFact>& live,
                                              Chance& chance) {
  std::vector<const LiveFact*> left;
  for (const auto& fact : live) left.push_back(&fact);
  std::vector<const LiveFact*> order;
  while (!left.empty()) {
    const auto at = left.begin() + static_cast<std::ptrdiff_t>(chance.below(left.size()));
    const auto before = [&](const LiveFact* other) { return other != *at && comes_before(plan, *other, **at); };
    if (std::ranges::any_of(left, before)) continue;
    order.push_back(*at);
    left.erase(at);
  }
  return order;
}

// Tells a round anew: the setting that it came to, and some facts.
class Retelling {
 public:
  explicit Retelling(History& history)
      : history_(history),
        plan_(history.plan()),
        chance_(history.chance()),
        province_(history.model().province, history.world().plans) {}

  const reporting::RoundState& tell(const std::vector<LiveFact>& live) {
    std::vector<json::object> controls;
    gather(controls);
    const auto facts = in_another_order(plan_, live, chance_);
    publish();
    send(controls.front());
    std::size_t next = 1;
    for (std::size_t at = 0; at < facts.size() || next < controls.size();) {
      const bool control = at == facts.size() || (next < controls.size() && chance_.percent(20));
      if (control) {
        send(controls[next++]);
      } else {
        at = submit(facts, at);
      }
    }
    return province_.round(plan_.round);
  }

 private:
  void publish() {
    const auto& world = history_.world();
    const bool later = &plan_ == world.later_plan.get();
    if (!later || chance_.percent(50)) publish(world.files);
    if (later) publish(world.later_files);
  }
  void publish(const catalogue::Bundle& files) {
    const auto outcome = province_.control(reporting::publish_catalogue(plan_.round, files, at_));
    require(outcome.verdict == event::Verdict::Accepted, "the catalogue is not accepted again");
    while (province_.waiting() > 0) province_.apply_copy(at_);
  }
  json::object control(std::string_view type) {
    return {{"id", chance_.uuid().to_string()}, {"type", type}, {"round", plan_.round}, {"reason", "Again"}};
  }

  void gather(std::vector<json::object>& controls) {
    const auto& setting = history_.model().setting;
    auto& opening = controls.emplace_back(control("round_opened"));
    opening["revision"] = setting.revision;
    for (std::uint32_t month = 0; month < setting.closed_months; ++month) {
      controls.emplace_back(control("period_closed"))["month"] = plan_.months[month].name;
    }
    for (const auto& [place, value] : setting.targets) {
      auto& target = controls.emplace_back(control("target_set"));
      target["unit"] = std::get<0>(place);
      target["indicator"] = std::get<1>(place);
      target["measure"] = std::get<2>(place);
      target["value"] = value;
      target["letter"] = {{"number", "ว 8"}, {"issued_on", "2022-08-22"}};
    }
  }
  void send(const json::object& body) {
    require(province_.control(body, at_).verdict == event::Verdict::Accepted, "a control is not accepted again");
    province_.apply_copy(at_);
  }

  // The next facts as far as they are of one unit; where the next submission begins.
  std::size_t submit(const std::vector<const LiveFact*>& facts, std::size_t at) {
    json::array entries;
    const auto& unit = facts[at]->unit;
    const auto end = std::min(facts.size(), at + 1 + chance_.below(4));
    for (; at < end && facts[at]->unit == unit; ++at) entries.push_back(record_of(*facts[at]));
    const auto id = chance_.uuid();
    const json::object body{{"id", id.to_string()},
                            {"unit", unit},
                            {"round", plan_.round},
                            {"reason", "Again"},
                            {"entries", std::move(entries)}};
    const auto& outcome = province_.submit(id, json::serialize(body), at_);
    require(outcome.verdict == event::Verdict::Accepted, "what is live is not accepted again: {}",
            outcome.problems_total);
    return at;
  }

  History& history_;
  const catalogue::Plan& plan_;
  Chance& chance_;
  Province province_;
  base::Instant at_ = base::bangkok_time({history_.plan().last_day.days + 40}, 12, 0);
};

void require_same_results(const reporting::RoundState& found, const reporting::RoundState& wanted) {
  const auto& plan = wanted.plan();
  for (std::size_t unit = 0; unit < wanted.measures.unit_count(); ++unit) {
    for (catalogue::Index i = 0; i < plan.indicators.size(); ++i) {
      const bool same = found.measures.published(unit, i) == wanted.measures.published(unit, i);
      require(same, "{} {} is another when told anew", wanted.measures.unit_code(unit), plan.indicators[i].number);
    }
  }
}

// A record that cannot be decoded, or is another stream's, stops the stream; nothing has changed then.
void require_stop(reporting::ProvinceFold& fold, event::Record record, History& history) {
  const auto unit = fmt::format(R"({{"id":"{}","unit":"2401","round":"{}","entries":[]}})", record.id.to_string(),
                                history.plan().round);
  const std::vector<std::string> bodies{"", "{", "[]", unit, record.body.substr(0, record.body.size() / 2)};
  record.kind = history.chance().percent(80) ? event::Kind::Submission : event::Kind::Control;
  record.id = history.chance().uuid();
  record.received_at.micros += 1'000'000'000'000;
  record.body = bodies[history.chance().below(bodies.size())];
  if (record.body == unit && fold.round(history.plan().round) == nullptr) return;
  try {
    (void)fold.step(record, 0);
  } catch (const base::Defect&) {
    return;
  }
  throw Mismatch("an undecodable record has an outcome: " + record.body);
}

}  // namespace

void require_restarts_change_nothing(History& history) {
  const auto& records = history.province().records();
  const auto& outcomes = history.province().outcomes();
  const auto& code = history.model().province;
  reporting::MemoryStore store([&](event::Offset offset) { return records.at(offset).body; });
  auto fold = std::make_unique<reporting::ProvinceFold>(code, history.world().plans, store);
  KeptParts parts;
  for (std::size_t offset = 0; offset < records.size(); ++offset) {
    if (history.chance().percent(10)) require_stop(*fold, records[offset], history);
    const auto outcome = fold->step(records[offset], offset);
    require(event::encode(outcome) == event::encode(outcomes[offset]),
            "record {} has another outcome when folded again", offset);
    if (!history.chance().percent(30)) continue;
    fold->save(parts);
    if (!history.chance().percent(40)) continue;
    fold = std::make_unique<reporting::ProvinceFold>(code, history.world().plans, store);
    parts.load_into(*fold);
  }
}

void require_order_does_not_matter(History& history) {
  if (!history.model().opened) return;
  Retelling retelling(history);
  require_same_results(retelling.tell(history.model().live), history.round());
}

void require_nothing_stays_behind(History& history) {
  if (!history.model().opened || history.model().closed) return;
  history.withdraw_everything();
  history.require_agreement();
  Retelling retelling(history);
  require_same_results(retelling.tell({}), history.round());
}

}  // namespace tamroi::simulation
