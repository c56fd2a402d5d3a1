#pragma once

#include <cstdint>
#include <string>

#include "cli/client.h"
#include "cli/screen.h"

// The commands that ask a server.
namespace tamroi::cli {

// Whose results; what is empty or 0 was not asked for.
struct Subject {
  std::string unit;
  std::string round;  // "": the newest one that the server has
  std::uint32_t indicator = 0;
  std::string as_of;
  std::uint32_t revision = 0;
};

struct Page {
  std::string cursor;
  std::uint32_t limit = 0;
};

// Which facts; what is empty was not asked for.
struct FactFilter {
  std::string type;
  std::string entity;
  std::string live;  // true or false
};

[[nodiscard]] Exit read_results(Client& client, const Subject& subject, const Screen& screen);
[[nodiscard]] Exit read_explanation(Client& client, const Subject& subject, const Screen& screen);
[[nodiscard]] Exit read_history(Client& client, const Subject& subject, const Page& page, const Screen& screen);
[[nodiscard]] Exit read_facts(Client& client, const Subject& subject, const FactFilter& filter, const Page& page,
                              const Screen& screen);
[[nodiscard]] Exit read_levels(Client& client, const Subject& subject, const Screen& screen);

}  // namespace tamroi::cli
