#pragma once

#include <map>
#include <memory>
#include <vector>

#include "answer/roll_up.h"
#include "reporting/control_fold.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"
#include "scenarios/world.h"

namespace tamroi::scenarios {

// The pure fold in memory: no journal, no server, the same outcomes.
class PureWorld final : public World {
 public:
  // Compiled catalogues are shared by the worlds of one run.
  explicit PureWorld(std::shared_ptr<reporting::Plans> plans);

  void publish(const std::filesystem::path& folder, base::Instant at) override;
  void advance(base::Instant to) override;
  Reply submit(const std::string& body, const Actor& actor, base::Instant at) override;
  Reply control(const std::string& body, const Actor& actor, base::Instant at) override;
  Reply results(const Question& question) override;
  Reply indicator(const Question& question, int number) override;
  Reply levels(const Question& question, int number) override;
  Reply history(const std::string& unit, const std::string& round, int number) override;
  Reply facts(const std::string& unit, const std::string& round) override;
  bool is_number(std::string_view type, std::string_view field) override;

 private:
  // One province's stream: its records and outcomes, by offset, and their fold.
  struct Province {
    Province(const std::string& code, std::shared_ptr<reporting::Plans> plans);
    std::vector<event::Record> records;
    std::vector<event::Outcome> outcomes;
    reporting::MemoryStore store;
    reporting::ProvinceFold fold;
    const event::Outcome& append(event::Record record);
  };

  const event::Outcome& append_control(event::Record record);
  Province& province(const std::string& code);
  // The state that a question about a district or province is answered from, or the reply that says why not.
  struct Found {
    Province* province = nullptr;
    const reporting::RoundState* state = nullptr;
    std::size_t unit = 0;
    Reply refusal;
  };
  Found find(const std::string& unit, const std::string& round);
  answer::Provinces provinces_of(const catalogue::Plan& plan, const std::string& unit);

  std::shared_ptr<reporting::Plans> plans_;
  std::vector<event::Record> controls_;
  std::vector<event::Outcome> control_outcomes_;
  reporting::ControlFold control_fold_;
  std::map<std::string, std::unique_ptr<Province>> provinces_;
};

}  // namespace tamroi::scenarios
