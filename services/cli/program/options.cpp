#include "cli/program/options.h"

#include "base/time.h"

namespace tamroi::cli {

Client::Settings settings_of(const Options& options) {
  const auto endpoint = parse_endpoint(options.url);
  if (!endpoint) throw Misused(endpoint.error());
  for (const char c : options.token) {
    if (c <= ' ' || c > '~')
      throw Misused("The token holds characters that no token has; copy it without spaces and quotes.");
  }
  if (!options.time.empty() && !base::parse_instant(options.time)) {
    throw Misused("'" + options.time + "' is no time; write it like 2022-08-20T10:00:00+07:00.");
  }
  return {.endpoint = *endpoint, .token = options.token, .time = options.time};
}

}  // namespace tamroi::cli
