#pragma once

#include "event/record.h"
#include "http/request.h"
#include "http/response.h"
#include "http/router.h"
#include "projection/projection.h"

namespace tamroi::query {

// Answers what is asked of the log of tlog.md: its newest checkpoint, and what that covers. It holds hashes only, so nobody
// needs a token.
//
// Threads: any; may wait for the disk.
// Errors:  throws std::system_error where the journal or the read model cannot be read.
class PublicLog {
 public:
  explicit PublicLog(projection::Projection& projection) : projection_(projection) {}

  http::Response checkpoint();
  // A tile or a bundle of leaves, whole or as wide as it was at some checkpoint.
  http::Response tile(const http::RouteMatch& match);

 private:
  projection::Projection& projection_;
};

}  // namespace tamroi::query
