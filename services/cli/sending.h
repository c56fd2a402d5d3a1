#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "cli/client.h"
#include "cli/screen.h"

// The commands that send something.
namespace tamroi::cli {

// A file as read, under the name that it was given by; "-" for the standard input.
struct File {
  std::string name;
  std::string text;
};

using Pause = std::function<void(std::chrono::seconds)>;

// Sends the submissions of the files one after the other and waits for each one's outcome; prints each problem with
// file and line, then what changed. Asks again where the server is busy.
// Errors: throws ServerUnreachable, once it is said how many were taken.
[[nodiscard]] Exit submit(Client& client, const std::vector<File>& files, const Screen& screen, const Pause& pause);

// Sends one control record.
[[nodiscard]] Exit send_control(Client& client, const File& file, const Screen& screen, const Pause& pause);

}  // namespace tamroi::cli
