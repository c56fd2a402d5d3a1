#pragma once

#include <map>
#include <string>

#include "cli/client.h"
#include "cli/patience.h"
#include "cli/screen.h"

namespace tamroi::cli {

// What is played, and how.
struct LoadWish {
  std::string name = {};                           // of the history's file; "-" for the standard input
  std::map<std::string, std::string> tokens = {};  // by role; "operator" is among them
  std::size_t connections = 4;
  bool checks = false;  // whether each is accepted or rejected as it is meant to be
};

// Plays a history (README.md of schemas/sample) to a simulated server that has come as far as it, or not begun. What
// one account sends at one time goes in one request. Says at the end what became of it, and which lines were answered
// otherwise than they mean to be.
//
// A load that was cut can be begun again: what the server has already is left out.
// Errors: throws ServerUnreachable, std::system_error where the file cannot be read, and std::runtime_error with a
//         sentence where it makes no sense to go on.
[[nodiscard]] Exit load(const Client::Settings& settings, const LoadWish& wish, const Screen& screen,
                        const Pause& pause);

}  // namespace tamroi::cli
