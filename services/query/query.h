#pragma once

#include <cstddef>

#include "event/record.h"
#include "http/router.h"
#include "projection/projection.h"
#include "query/answer_cache.h"

namespace tamroi::query {

// Answers what is read, from what this node has applied. Region and ministry are merged on reading.
//
// Threads: any. Units, results and levels are told from memory; the others may wait for the disk.
// Errors:  throws std::system_error where the journal or the read model cannot be read.
class Query {
 public:
  // A page has at most `page_rows_max` rows, however many are asked for; answers that are kept take at most `answers_bytes_max`.
  explicit Query(projection::Projection& projection, std::size_t page_rows_max = 1000, std::size_t answers_bytes_max = std::size_t{32} << 20)
      : projection_(projection), page_rows_max_(page_rows_max), cache_(answers_bytes_max) {}

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
  http::Response submission(const Actor& actor, const Request& request, const Match& match);
  http::Response accounts(const Actor&, const Request& request, const Match&);
  http::Response control(const Actor& actor, const Request&, const Match& match);

 private:
  projection::Projection& projection_;
  const std::size_t page_rows_max_;
  AnswerCache cache_;
};

}  // namespace tamroi::query
