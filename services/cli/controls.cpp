#include "cli/controls.h"

#include <fmt/format.h>

#include "cli/problem_lines.h"
#include "cli/reading.h"
#include "cli/refusals.h"

namespace tamroi::cli {

namespace json = boost::json;

Exit send_control(Client& client, const std::string& file, const std::string& text, const Screen& screen,
                  const Pause& pause) {
  const Posted posted{text, 1};
  const auto reply = Patience(client, pause).send(controls_route, posted);
  const auto fate = fate_of(reply);
  if (screen.json) {
    print_body(reply.body, screen);
  } else if (fate == Fate::Accepted) {
    const auto outcome = parse_object(reply.body).value_or(json::object());
    const auto number = integer_at(outcome, "number");
    const auto streams = object_at(outcome, "positions").size();
    screen.output << fmt::format("{}: accepted{}{}\n", place_of(file, posted),
                                 number ? fmt::format(" as control {}", *number) : "",
                                 streams > 0 ? fmt::format(", applied in {} provinces", streams) : "");
  } else if (fate != Fate::Pending) {
    print_problems(file, posted, reply, screen);
    if (const auto next = advice(reply); !next.empty()) screen.errors << paragraph(screen.errors_look, 0, next);
  }
  if (fate == Fate::Pending)
    screen.errors << "The control was taken, but has no outcome yet. Send it again to learn it.\n";
  return fate == Fate::Accepted ? Exit::Done : Exit::Refused;
}

}  // namespace tamroi::cli
