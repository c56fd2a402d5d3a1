#pragma once

#include "access/access_log.h"
#include "http/request.h"
#include "http/response.h"

namespace tamroi::query {

// The lines of the access log from a number on, as they stand there, with the hash of each; and where the log ends, which an
// auditor who keeps it will know again.
[[nodiscard]] http::Response accesses(const access::AccessLog& log, const http::Request& request, std::size_t page_rows_max);

}  // namespace tamroi::query
