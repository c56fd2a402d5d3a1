#include <algorithm>

#include <fmt/format.h>

#include "cli/audits.h"
#include "cli/catalogue_check.h"
#include "cli/changes.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/misused.h"
#include "cli/pack_history.h"
#include "cli/patience.h"
#include "cli/tree_of_units.h"

namespace tamroi::cli {
namespace {

namespace json = boost::json;

std::string number_text(const json::object& object, const char* name) { return fmt::to_string(integer_at(object, name).value_or(0)); }

std::string move_text(const std::string& unit, const json::object& move, const Look& look) {
  const auto& before = object_at(move, "before");
  const auto& after = object_at(move, "after");
  auto out = paragraph(look, 0, fmt::format("{}, indicator {}: level {}, evidenced {}, score {}", unit, number_text(move, "indicator"),
                                            moved(number_text(before, "level"), number_text(after, "level")),
                                            moved(number_text(before, "evidenced_level"), number_text(after, "evidenced_level")),
                                            moved(text_at(before, "score"), text_at(after, "score"))), tone_of(move));
  for (const auto& measure : measure_changes(move)) out += paragraph(look, 4, measure);
  if (const auto& accepted = object_at(move, "accepted"); !accepted.empty()) {
    out += paragraph(look, 4, fmt::format("accepted submissions {} → {}", number_text(accepted, "before"), number_text(accepted, "after")));
  }
  return out;
}

std::string above_text(const json::object& above, const Look& look) {
  const auto& score = object_at(above, "score");
  auto out = paragraph(look, 2, fmt::format("{}: score {}", text_at(above, "unit"), moved(text_at(score, "before"), text_at(score, "after"))));
  for (const auto& each : array_at(above, "indicators")) {
    for (const auto& measure : measure_changes(as_object(each))) out += paragraph(look, 6, fmt::format("indicator {}: {}", number_text(as_object(each), "indicator"), measure));
  }
  return out;
}

std::string total_text(std::int64_t total) {
  return total == 0 ? "Nothing would move.\n" : fmt::format("{} results would move. Nothing was written.\n", total);
}

}  // namespace

Exit what_if(Client& client, const std::string& folder, const Subject& subject, const Screen& screen) {
  const auto files = read_catalogue(folder);
  if (!files) {
    screen.errors << files.error() << '\n';
    return Exit::WrongUsage;
  }
  const auto tree = TreeOfUnits::ask(client, subject.unit.empty() ? "TH" : subject.unit);
  if (!tree) return tell_refusal(tree.error(), screen);
  json::object bundle;
  for (const auto& [name, text] : *files) bundle[name] = text;
  const auto target = fmt::format("/v1/rounds/{}/whatif{}", encoded(subject.round.empty() ? tree->round() : subject.round),
                                  query_of({{"unit", subject.unit}, {"revision", subject.revision == 0 ? "" : fmt::to_string(subject.revision)}}));
  const auto reply = client.post(target, json::serialize(json::object{{"files", std::move(bundle)}}));
  const auto answer = parse_object(reply.body);
  if (reply.status != 200 || !answer) return tell_refusal(reply, screen);
  if (screen.json) {
    print_body(reply.body, screen);
    return Exit::Done;
  }
  for (const auto& move : array_at(*answer, "moves")) screen.output << move_text(tree->named(text_at(as_object(move), "unit")), as_object(move), screen.look);
  const auto total = integer_at(*answer, "moves_total").value_or(0);
  screen.output << total_text(total);
  return Exit::Done;
}

Exit what_if_of_pack(const std::string& pack, const std::string& folder, const Subject& subject, const Screen& screen) {
  const auto files = read_catalogue(folder);
  if (!files) throw Misused(files.error());
  const auto compiled = catalogue::compile(*files);
  if (compiled.plan == nullptr) {
    for (const auto& finding : compiled.findings) screen.errors << fmt::format("{}:{}: {}\n", finding.file, finding.line, finding.why);
    return Exit::Refused;
  }
  const PackHistory history(pack);
  json::array moves;
  for (const auto& province : history.provinces()) {
    if (!subject.unit.empty() && !compiled.plan->units.within(province, subject.unit)) continue;
    if (auto found = history.what_if(province, compiled.plan, subject.revision)) std::ranges::move(*found, std::back_inserter(moves));
  }
  const auto total = static_cast<std::int64_t>(moves.size());
  if (screen.json) {
    print_body(json::serialize(json::object{{"round", compiled.plan->round}, {"moves", std::move(moves)}, {"moves_total", total}}), screen);
    return Exit::Done;
  }
  for (const auto& move : moves) {
    const auto* unit = compiled.plan->units.find(text_at(as_object(move), "unit"));
    screen.output << move_text(fmt::format("{} {}", unit->code, unit->name_th), as_object(move), screen.look);
  }
  screen.output << total_text(total);
  return Exit::Done;
}

Exit read_rejected(Client& client, const std::string& unit, const Page& page, const Screen& screen) {
  const auto target = fmt::format("/v1/units/{}/submissions{}", encoded(unit),
                                  query_of({{"verdict", "rejected"}, {"cursor", page.cursor}, {"limit", page.limit == 0 ? "" : fmt::to_string(page.limit)}}));
  const auto reply = client.get(target);
  const auto answer = parse_object(reply.body);
  if (reply.status != 200 || !answer) return tell_refusal(reply, screen);
  if (screen.json) {
    print_body(reply.body, screen);
    return Exit::Done;
  }
  for (const auto& value : array_at(*answer, "submissions")) {
    const auto& one = as_object(value);
    screen.output << paragraph(screen.look, 0, fmt::format("{}, {}: {} by {}", position_text(object_at(one, "position")), bangkok_text(text_at(one, "recorded_at")),
                                                           text_at(one, "id"), text_at(object_at(one, "actor"), "account")), Tone::Strong);
    for (const auto& problem : array_at(one, "problems")) screen.output << paragraph(screen.look, 4, problem_text(as_object(problem)), Tone::Bad);
  }
  if (array_at(*answer, "submissions").empty()) screen.output << "No submission of it was rejected.\n";
  if (const auto next = text_at(*answer, "next_cursor"); !next.empty()) {
    screen.output << fmt::format("There is more: repeat the command with --cursor {}\n", next);
  }
  return Exit::Done;
}

Exit preview(Client& client, SubmissionFiles& files, const Screen& screen) {
  bool all = true;
  while (const auto found = files.next()) {
    const auto reply = client.post(fmt::format("{}?preview=true", submissions_route), found->body);
    const auto answer = parse_object(reply.body);
    if (reply.status != 200 || !answer) return tell_refusal(reply, screen);
    const auto verdict = text_at(*answer, "verdict");
    all = all && verdict != "rejected";
    if (screen.json) {
      print_body(reply.body, screen);
      continue;
    }
    screen.output << paragraph(screen.look, 0, fmt::format("{} would be {}, as of {}", text_at(*answer, "id"), verdict, position_text(object_at(*answer, "computed_at"))), Tone::Strong);
    for (const auto& problem : array_at(*answer, "problems")) screen.output << paragraph(screen.look, 2, problem_text(as_object(problem)), Tone::Bad);
    ChangeSummary changes;
    for (const auto& change : array_at(*answer, "changes")) changes.add(as_object(change));
    screen.output << changes.shown(screen.look);
    for (const auto& above : array_at(*answer, "above")) screen.output << above_text(as_object(above), screen.look);
  }
  return all ? Exit::Done : Exit::Refused;
}

}  // namespace tamroi::cli
