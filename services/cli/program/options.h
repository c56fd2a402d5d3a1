#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/accounts.h"
#include "cli/audits.h"
#include "cli/client.h"
#include "cli/misused.h"
#include "cli/reads.h"
#include "cli/trace.h"
#include "cli/watch.h"

namespace tamroi::cli {

// What a sample is to be of.
struct SampleOptions {
  std::string province;
  bool country = false;
  double scale = 1;
  std::vector<std::string> entire;
  std::uint64_t seed = 1;
  std::string to;
  std::string description;
  std::string units;
};

// How a history is to be loaded.
struct LoadOptions {
  std::string tokens;
  std::uint32_t connections = 4;
  bool checks = false;
};

// What the command line says.
struct Options {
  std::string url = "http://127.0.0.1:8080";
  std::string token;
  std::string time;
  bool json = false;
  std::vector<std::string> files;
  std::string shell;
  std::string folder;
  std::string against;
  Subject subject;
  Page page;
  bool preview = false;
  FactFilter facts;
  std::vector<std::uint32_t> revisions;
  TraceWish trace;
  bool live = false;
  bool withdrawn = false;
  std::string id;
  WatchWish watch;
  AccountWish account;
  SampleOptions sample;
  LoadOptions load;
};

// Whom to ask, and as whom.
// Errors: throws Misused.
[[nodiscard]] Client::Settings settings_of(const Options& options);

}  // namespace tamroi::cli
