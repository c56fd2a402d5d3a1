#pragma once

#include <cstddef>

#include "event/record.h"
#include "http/router.h"
#include "projection/outcomes.h"
#include "projection/projection.h"
#include "query/answer_cache.h"
#include "query/past.h"

namespace tamroi::query {

// Answers what is read, from what this node has applied. Region and ministry are merged on reading.
//
// Threads: any. Units, results and levels of now are told from memory; the others may wait for the disk.
// Errors:  throws std::system_error where the journal or the read model cannot be read.
class Query {
 public:
  // A page has at most `page_rows_max` rows, however many are asked for; answers that are kept take at most `answers_bytes_max`.
  Query(projection::Projection& projection, projection::Cuts& cuts, std::size_t page_rows_max = 1000, std::size_t answers_bytes_max = std::size_t{32} << 20)
      : projection_(projection), past_(projection, cuts), page_rows_max_(page_rows_max), cache_(answers_bytes_max) {}

  using Actor = event::Actor;
  using Request = http::Request;
  using Match = http::RouteMatch;
  http::Response units(const Actor&, const Request&, const Match&);
  http::Response unit(const Actor&, const Request&, const Match& match);
  http::Response results(const Actor&, const Request& request, const Match& match);
  http::Response indicator(const Actor&, const Request& request, const Match& match);
  http::Response history(const Actor&, const Request& request, const Match& match);
  http::Response levels(const Actor&, const Request& request, const Match& match);
  http::Response facts(const Actor& actor, const Request& request, const Match& match);
  http::Response receipt(const Actor& actor, const Request& request, const Match& match);
  http::Response submission(const Actor& actor, const Request& request, const Match& match);
  http::Response submissions(const Actor&, const Request& request, const Match& match);
  http::Response accounts(const Actor&, const Request& request, const Match&);
  http::Response control(const Actor& actor, const Request&, const Match& match);
  http::Response streams(const Actor&, const Request&, const Match&);
  http::Response records(const Actor&, const Request& request, const Match& match);

  // The position that an answer as of some cut has to wait for next.
  [[nodiscard]] std::optional<event::Position> missing(const Request& request, const Match& match) { return past_.missing(request, match); }

 private:
  struct Submitted {
    event::Position position;
    projection::Told told;
  };
  [[nodiscard]] std::expected<Submitted, http::Response> submitted(const Actor& actor, const Request& request, const base::Uuid& id) const;

  // Answers as of a complete cut never change, so they are kept without what they were told from.
  [[nodiscard]] http::Response results_then(const Request& request, const Match& match, const projection::AsOf& as_of);
  [[nodiscard]] http::Response indicator_then(const Request& request, const Match& match, const projection::AsOf& as_of);
  [[nodiscard]] http::Response levels_then(const Request& request, const Match& match, const projection::AsOf& as_of);
  // The place of facts, of now or as of a cut.
  [[nodiscard]] std::expected<Place, http::Response> find_facts(const Request& request, const Match& match);
  // The place of an answer as of a cut.
  [[nodiscard]] std::expected<Place, http::Response> find_past(const Request& request, const Match& match, const projection::AsOf& as_of, Wanted wanted);

  projection::Projection& projection_;
  Past past_;
  const std::size_t page_rows_max_;
  AnswerCache cache_;
};

}  // namespace tamroi::query
