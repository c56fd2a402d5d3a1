#pragma once

#include <string>
#include <vector>

#include "scenarios/world.h"

namespace tamroi::scenarios {

// Gives prepared answers and remembers what it was asked; for the runner's own tests.
class AnsweringWorld final : public World {
 public:
  Reply sent_answer{200, R"({"verdict":"accepted","problems":[]})"};
  Reply read_answer{200, "{}"};
  Reply history_answer{200, R"({"changes":[]})"};
  std::vector<std::string> asked;

  void publish(const std::filesystem::path& folder, base::Instant) override {
    asked.push_back("publish " + folder.string());
  }
  void advance(base::Instant to) override { asked.push_back("advance " + base::to_string(to)); }
  Reply submit(const std::string& body, const Actor& actor, base::Instant) override {
    return sent("submit ", body, actor);
  }
  Reply control(const std::string& body, const Actor& actor, base::Instant) override {
    return sent("control ", body, actor);
  }
  Reply results(const Question&) override { return read_answer; }
  Reply indicator(const Question&, int) override { return read_answer; }
  Reply levels(const Question&, int) override { return read_answer; }
  Reply history(const std::string&, const std::string&, int) override { return history_answer; }
  Reply facts(const std::string&, const std::string&) override { return read_answer; }
  bool is_number(std::string_view type, std::string_view field) override {
    return type == "car" && (field == "wheels" || field == "fast");
  }

 private:
  Reply sent(const std::string& what, const std::string& body, const Actor& actor) {
    asked.push_back(what + actor.account + " " + body);
    return sent_answer;
  }
};

}  // namespace tamroi::scenarios
