#include "scenarios/runner.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "scenarios/body.h"
#include "scenarios/checks.h"

namespace tamroi::scenarios {
namespace {

// Round 1 of a fiscal year (Buddhist) begins on 1 October before it, round 2 on 1 April.
std::optional<base::Instant> first_moment(const std::string& round) {
  int year = 0;
  int half = 0;
  if (round.size() != 6 || round[4] != '-') return std::nullopt;
  std::from_chars(round.data(), round.data() + 4, year);
  std::from_chars(round.data() + 5, round.data() + 6, half);
  if (year < 2400 || half < 1 || half > 2) return std::nullopt;
  const base::Civil day = half == 2 ? base::Civil{year - 543, 4, 1} : base::Civil{year - 544, 10, 1};
  return base::bangkok_time(base::from_civil(day), 0, 0);
}

class Run {
 public:
  Run(const Scenario& scenario, World& world, std::filesystem::path catalogues)
      : world_(world), catalogues_(std::move(catalogues)), bodies_(scenario.name, world) {}

  std::vector<Failure> play(const Scenario& scenario) {
    for (const Step& step : scenario.steps) {
      place_ = step.place;
      try {
        std::visit([this](const auto& statement) { act(statement); }, step.statement);
      } catch (const std::exception& error) {
        failures_.push_back({place_, error.what()});
        break;
      }
    }
    return std::move(failures_);
  }

 private:
  struct Sent {
    bool is_control = false;
    std::string body;
    Actor actor;
    Reply first;
  };

  void act(const UseCatalogue& use) {
    const bool is_folder = use.name.find('/') != std::string::npos;
    const auto folder =
        is_folder ? std::filesystem::path(place_.file).parent_path() / use.name : catalogues_ / use.name;
    if (!is_folder) round_ = use.name;
    if (!now_) now_ = first_moment(is_folder ? std::filesystem::path(use.name).filename().string() : use.name);
    if (!now_) throw std::runtime_error("say `at` first: the round's name does not tell when it begins");
    world_.publish(folder, *now_);
  }

  void act(const SetTime& step) {
    // A catalogue is published on the round's first day unless the file says otherwise.
    if (now_ && step.to < *now_) throw std::runtime_error("time never goes back, not even before the round");
    now_ = step.to;
    world_.advance(*now_);
  }

  void act(const Submit& submit) {
    const std::string role = submit.unit.size() == 2 ? "province_officer" : "district_officer";
    send(submit.name, false, bodies_.of(submit, round_, today()), actor(submit.sender, {role, submit.unit}));
  }

  void act(const Raw& raw) {
    const std::string role = raw.unit.size() == 2 ? "province_officer" : "district_officer";
    const Sender usual = raw.is_control ? Sender{"ministry_officer", "TH"} : Sender{role, raw.unit};
    send({}, raw.is_control, bodies_.with_ids(raw.text), actor(raw.sender, usual));
  }

  void act(const Control& control) {
    std::string round = round_;
    for (const auto& [name, value] : control.members) {
      if (name == "round" && control.opens_round) round = round_ = value.text;
    }
    if (!now_) now_ = first_moment(round);
    send(control.name, true, bodies_.of(control, round, today()), actor(control.sender, {"ministry_officer", "TH"}));
  }

  void act(const Repeat& repeat) {
    const auto sent = sent_.find(repeat.name);
    if (sent == sent_.end()) throw std::runtime_error("nothing named " + repeat.name + " was sent");
    const Actor who = repeat.sender ? actor(repeat.sender, {}) : sent->second.actor;
    const std::string body = repeat.rewritten ? rewritten(sent->second.body) : sent->second.body;
    send(repeat.name, sent->second.is_control, body, who);
  }

  void act(const ExpectVerdict& expected) { complain(check_verdict(expected, reply_, first_)); }
  void act(const ExpectStatus& expected) {
    if (reply_.status == expected.status) return;
    complain({fmt::format("status: expected {}, actual {}", expected.status, reply_.status)});
  }
  void act(const ExpectResult& expected) { complain(check_claims(expected, round_, world_)); }
  void act(const ExpectChange& expected) { complain(check_change(expected, reply_, round_, world_)); }
  void act(const ExpectFact& expected) {
    complain(check_fact(expected, bodies_.fact_id(expected.fact), round_, world_));
  }
  void act(const Because& expected) { complain(check_because(expected, round_, world_)); }
  void act(const Lacks& expected) { complain(check_lacks(expected, round_, world_)); }

  void send(const std::string& name, bool is_control, const std::string& body, const Actor& who) {
    if (!now_) throw std::runtime_error("say `at` first");
    reply_ = is_control ? world_.control(body, who, *now_) : world_.submit(body, who, *now_);
    first_ = nullptr;
    if (name.empty()) return;
    const auto [sent, is_first] = sent_.try_emplace(name, Sent{is_control, body, who, reply_});
    if (!is_first) first_ = &sent->second.first;
  }

  static Actor actor(const std::optional<Sender>& said, const Sender& usual) {
    Sender sender = said.value_or(usual);
    if (sender.unit.empty()) sender.unit = usual.unit;
    return {sender.role + "-" + sender.unit, sender.role, sender.unit};
  }

  void complain(const Complaints& complaints) {
    for (const std::string& what : complaints) failures_.push_back({place_, what});
  }

  [[nodiscard]] base::Date today() const {
    if (!now_) throw std::runtime_error("say `at` first");
    return base::bangkok_date(*now_);
  }

  World& world_;
  std::filesystem::path catalogues_;
  Bodies bodies_;
  std::optional<base::Instant> now_;
  std::string round_;
  std::map<std::string, Sent> sent_;
  Reply reply_;
  const Reply* first_ = nullptr;
  Place place_;
  std::vector<Failure> failures_;
};

}  // namespace

std::vector<Failure> run(const Scenario& scenario, World& world, const std::filesystem::path& catalogues) {
  return Run(scenario, world, catalogues).play(scenario);
}

}  // namespace tamroi::scenarios
