#pragma once

#include <expected>
#include <memory>
#include <string>

#include <boost/json.hpp>

#include "answer/roll_up.h"
#include "http/response.h"
#include "http/router.h"
#include "projection/projection.h"
#include "query/answer_cache.h"

// What a path under /rounds/{round}/units/{unit} leads to.
namespace tamroi::query {

// A province at a commit, with its round where that is open.
struct Standpoint {
  std::string province;
  const projection::ProvinceStream* stream = nullptr;
  std::shared_ptr<const projection::ProvinceView> view = nullptr;
  std::shared_ptr<const answer::PublishedRound> round = nullptr;  // null: not open
  // What was in the journal at the start is not folded yet: that a round is not open cannot be said.
  bool unread = true;
  event::Offset next = 0;           // where it is cut, exclusive
  base::Instant recorded_at = {};   // of the last record before that

  void show(std::shared_ptr<const projection::ProvinceView> now);
};

struct Place {
  std::shared_ptr<const catalogue::Plan> plan;
  const catalogue::Unit* unit = nullptr;
  std::vector<Standpoint> provinces;   // of a district or province: one
  std::size_t within = 0;              // of a district or province: its place in its province's round
  bool complete = false;               // as of a cut of the past that no record can come before

  [[nodiscard]] bool merged() const { return unit->level < catalogue::Level::Province; }
  [[nodiscard]] const Standpoint& own() const { return provinces.front(); }
  [[nodiscard]] answer::Provinces rounds() const;
  [[nodiscard]] AnswerCache::Views views() const;
  // How far the answer reaches. Of now it is never complete, since later records will change it.
  [[nodiscard]] boost::json::object as_of() const;
};

// The answer is the refusal: no such round or unit, the round is not open there, or that is not known yet.
[[nodiscard]] std::expected<Place, http::Response> find_place(const projection::Projection& projection, const http::RouteMatch& match);
// The provinces that a unit lies in or has, in the order of the tree; none where there is no such unit.
[[nodiscard]] std::vector<const catalogue::Unit*> provinces_under(const catalogue::Plan& plan, std::string_view unit);
// The indicator that the path names.
[[nodiscard]] std::expected<catalogue::Index, http::Response> find_indicator(const catalogue::Plan& plan, std::string_view number);

}  // namespace tamroi::query
