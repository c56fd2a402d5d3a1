#include "query/what_if.h"

#include <algorithm>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "answer/under_draft.h"
#include "base/check.h"
#include "base/json.h"
#include "projection/folding.h"
#include "query/parameters.h"
#include "query/place.h"
#include "query/told.h"

namespace tamroi::query {
namespace {

namespace json = boost::json;
using base::Code;
using http::Response;

constexpr std::size_t moves_max = 10'000;
constexpr std::size_t records_a_read = 4096;
constexpr std::size_t bytes_a_read = std::size_t{8} << 20;

Response bad_files(std::string why) {
  const base::Problem problem{Code::BadValue, "/files", std::move(why)};
  return http::problem(400, {{problem}});
}

std::expected<catalogue::Bundle, Response> files_of(const std::string& body) {
  boost::system::error_code error;
  const auto parsed = json::parse(body, error);
  const auto* files = error || !parsed.is_object() ? nullptr : parsed.as_object().if_contains("files");
  if (files == nullptr || !files->is_object() || parsed.as_object().size() != 1) return std::unexpected(bad_files("An object with the member `files` alone is expected."));
  catalogue::Bundle bundle;
  for (const auto& [name, text] : files->as_object()) {
    if (!text.is_string()) return std::unexpected(bad_files("An object of paths and texts is expected."));
    bundle.emplace(std::string(name), std::string(text.as_string()));
  }
  return bundle;
}

Response unusable(const std::vector<catalogue::Finding>& findings) {
  std::vector<base::Problem> problems;
  for (const auto& finding : findings) {
    if (finding.severity != catalogue::Finding::Severity::Error) continue;
    problems.push_back({Code::BadValue, "/files/" + base::pointer_token(finding.file), fmt::format("Line {}: {}", finding.line, finding.why)});
  }
  return http::problem(422, problems);
}

}  // namespace

struct WhatIf::Asked {
  std::shared_ptr<const catalogue::Plan> latest;
  std::shared_ptr<const catalogue::Plan> draft;
  std::vector<const catalogue::Unit*> provinces;  // of the draft
  std::uint32_t revision = 0;
};

void WhatIf::ask(http::Request request, http::Responder respond) {
  const auto published = projection_.control().published();
  const auto found = published->plans.find(request.segments.at(2));
  if (found == published->plans.end()) return respond(http::problem(404, Code::NotFound, "There is no such round."));
  const auto files = files_of(request.body);
  if (!files) return respond(Response(files.error()));
  const auto compiled = catalogue::compile(*files);
  if (compiled.plan == nullptr) return respond(unusable(compiled.findings));
  if (compiled.plan->round != found->first) return respond(bad_files("The draft is of another round."));
  const auto revision = revision_of(request, *compiled.plan);
  if (!revision) return respond(Response(revision.error()));
  Asked asked{found->second, compiled.plan, provinces_under(*compiled.plan, request.parameter("unit").value_or("TH")), *revision};
  if (asked.provinces.empty()) return respond(bad_parameter("unit", "There is no such unit."));
  const std::scoped_lock lock(mutex_);
  if (stopped_ || busy_.exchange(true)) return respond(http::later(503, Code::Unavailable, "Another draft is being scored.", 5));
  if (thread_.joinable()) thread_.join();
  thread_ = std::thread([this, asked = std::move(asked), held = std::make_shared<http::Responder>(std::move(respond))] {
    Response response;
    try {
      response = answer(asked);
    } catch (const std::system_error& failure) {
      log_.error("a draft cannot be scored", {{"why", failure.what()}});
      response = http::later(503, Code::Unavailable, "The history cannot be read just now.", 5);
    } catch (const std::exception& failure) {
      // A draft is whatever somebody sent; nothing but this answer depends on it.
      log_.error("a draft cannot be scored", {{"why", failure.what()}});
      response = bad_files("The history cannot be scored under this draft.");
    }
    busy_ = false;
    (*held)(std::move(response));
  });
}

void WhatIf::stop() {
  stopped_ = true;
  const std::scoped_lock lock(mutex_);
  if (thread_.joinable()) thread_.join();
}

Response WhatIf::answer(const Asked& asked) {
  const auto& round = asked.draft->round;
  const auto plans = std::make_shared<answer::DraftedPlans>(projection_.shared_plans(), asked.latest, asked.draft);
  json::array all;
  json::object positions;
  std::size_t total = 0;
  for (const auto* unit : asked.provinces) {
    const auto* province = projection_.province(unit->code);
    if (province == nullptr) continue;
    const auto view = province->view();
    const auto before = view->rounds.find(round);
    if (before == view->rounds.end() || before->second->revision == 0) continue;
    const auto stream = province->stream();
    answer::UnderDraft fold(unit->code, plans, projection::body_of(projection_.journal(), stream));
    for (event::Offset next = 0; next < view->next;) {
      if (stopped_) return http::later(503, Code::Unavailable, "The server stops.", 5);
      const auto entries = projection_.journal().read(stream, next, std::min<event::Offset>(records_a_read, view->next - next), bytes_a_read);
      CHECK(!entries.empty());
      for (const auto& entry : entries) {
        const auto record = event::decode_record(entry.bytes);
        const bool set_aside = projection_.control().with_fold([&](const auto& control) { return control.quarantine({stream, entry.offset}).has_value(); });
        try {
          if (!record || set_aside) fold.pass(entry.offset);
          else fold.step(*record, entry.offset);
        } catch (const base::Defect& defect) {
          return bad_files(fmt::format("Under this draft {}:{} has no meaning: {}", unit->code, entry.offset, defect.what()));
        }
        next = entry.offset + 1;
      }
    }
    positions[unit->code] = view->next - 1;
    for (auto& move : answer::moves(*before->second, *fold.round(round), asked.revision)) {
      if (++total <= moves_max) all.push_back(std::move(move));
    }
  }
  return found(json::object{{"round", round}, {"as_of", json::object{{"positions", std::move(positions)}}}, {"moves", std::move(all)}, {"moves_total", total}});
}

}  // namespace tamroi::query
