#include "cli/reads.h"

#include <functional>
#include <optional>

#include <fmt/format.h>

#include "cli/answers.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/unit_names.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

std::string number_or_nothing(std::uint32_t number) { return number == 0 ? "" : fmt::to_string(number); }

// Asks for one thing about a unit: finds the round where none was named, and then shows the answer.
class Question {
 public:
  Question(Client& client, Subject subject, const Screen& screen)
      : client_(client), subject_(std::move(subject)), screen_(screen) {}

  using Show = std::function<std::string(json::object&, const Look&)>;
  // The query to ask with instead, after an answer that holds nothing; "" where it is to be shown.
  using Instead = std::function<std::string(const json::object&)>;

  Exit ask(const std::string& path, std::string query, const Show& show, const Instead& instead = {}) {
    if (const auto failed = learn_unit()) return tell_refusal(*failed, screen_);
    if (subject_.round.empty()) {
      screen_.errors << "The server has no round yet. Name one with --round, or let an operator publish a catalogue.\n";
      return Exit::Refused;
    }
    const auto route = fmt::format("/v1/rounds/{}/units/{}{}", encoded(subject_.round), encoded(subject_.unit), path);
    Reply reply;
    std::optional<json::object> answer;
    while (true) {
      reply = client_.get(route + query);
      answer = parse_object(reply.body);
      if (reply.status != 200 || !answer) return tell_refusal(reply, screen_);
      query = instead && !screen_.json ? instead(*answer) : "";
      if (query.empty()) break;
    }
    if (screen_.json) {
      print_body(reply.body, screen_);
      return Exit::Done;
    }
    answer->insert({{"unit", subject_.unit}, {"round", subject_.round}, {"unit_name", unit_name_}});
    if (subject_.indicator > 0) answer->insert({{"indicator", subject_.indicator}});
    // What is so now may always change.
    if (auto* reach = answer->if_contains("as_of"); subject_.as_of.empty() && reach != nullptr && reach->is_object()) {
      reach->get_object().erase("complete");
    }
    screen_.output << show(*answer, screen_.look);
    return Exit::Done;
  }

 private:
  // The unit's name, for people, and its newest round where none was named; or the refusal.
  std::optional<Reply> learn_unit() {
    if (screen_.json && !subject_.round.empty()) return std::nullopt;
    auto reply = client_.get("/v1/units/" + encoded(subject_.unit));
    const auto unit = parse_object(reply.body);
    if (reply.status != 200 || !unit) return reply;
    unit_name_ = name_of(*unit);
    const auto& rounds = array_at(*unit, "rounds");
    if (subject_.round.empty() && !rounds.empty() && rounds.back().is_string())
      subject_.round = rounds.back().get_string();
    return std::nullopt;
  }

  Client& client_;
  Subject subject_;
  std::string unit_name_;
  const Screen& screen_;
};

std::string query_about(const Subject& subject) {
  return query_of({{"as_of", subject.as_of}, {"revision", number_or_nothing(subject.revision)}});
}

std::string indicator_path(const Subject& subject) { return fmt::format("/indicators/{}", subject.indicator); }

}  // namespace

Exit read_results(Client& client, const Subject& subject, const Screen& screen) {
  return Question(client, subject, screen).ask("/results", query_about(subject), show_results);
}

Exit read_explanation(Client& client, const Subject& subject, const Screen& screen) {
  return Question(client, subject, screen).ask(indicator_path(subject), query_about(subject), show_explanation);
}

Exit read_history(Client& client, const Subject& subject, const Page& page, const Screen& screen) {
  const auto query = query_of({{"cursor", page.cursor}, {"limit", number_or_nothing(page.limit)}});
  return Question(client, subject, screen).ask(indicator_path(subject) + "/history", query, show_history);
}

Exit read_facts(Client& client, const Subject& subject, const FactFilter& filter, const Page& page,
                const Screen& screen) {
  const auto query = [&](const std::string& cursor) {
    return query_of({{"as_of", subject.as_of},
                     {"revision", number_or_nothing(subject.revision)},
                     {"type", filter.type},
                     {"entity", filter.entity},
                     {"live", filter.live},
                     {"cursor", cursor},
                     {"limit", number_or_nothing(page.limit)}});
  };
  // A page may find nothing and still have a next one: among many facts the server looks at so many at a time.
  const auto instead = [&](const json::object& answer) {
    const auto next = text_at(answer, "next_cursor");
    return next.empty() || !array_at(answer, "facts").empty() ? "" : query(next);
  };
  return Question(client, subject, screen).ask("/facts", query(page.cursor), show_facts, instead);
}

Exit read_levels(Client& client, const Subject& subject, const Screen& screen) {
  const auto query = query_of({{"indicator", number_or_nothing(subject.indicator)},
                               {"as_of", subject.as_of},
                               {"revision", number_or_nothing(subject.revision)}});
  return Question(client, subject, screen).ask("/levels", query, show_levels);
}

}  // namespace tamroi::cli
