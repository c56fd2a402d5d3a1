#include "cli/accesses.h"

#include <fmt/format.h>

#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/table.h"

namespace tamroi::cli {

Exit read_accesses(Client& client, const Page& page, const Screen& screen) {
  const auto limit = page.limit == 0 ? std::string() : fmt::to_string(page.limit);
  const auto reply = client.get("/v1/access" + query_of({{"from", page.cursor}, {"limit", limit}}));
  const auto answer = parse_object(reply.body);
  if (reply.status != 200 || !answer) return tell_refusal(reply, screen);
  if (screen.json) {
    print_body(reply.body, screen);
    return Exit::Done;
  }
  Table table({{"number", Table::Side::Right}, {"Bangkok time"}, {"who"}, {"did"}, {"status", Table::Side::Right}, {"of"}});
  for (const auto& value : array_at(*answer, "lines")) {
    const auto& line = as_object(value);
    const auto& actor = object_at(line, "actor");
    const auto status = integer_at(line, "status");
    table.add({fmt::to_string(integer_at(line, "number").value_or(0)), bangkok_text(text_at(line, "at")),
               fmt::format("{}, {} {}", text_at(actor, "account"), text_at(actor, "role"), text_at(actor, "unit")), text_at(line, "act"),
               status ? fmt::to_string(*status) : std::string(), text_at(line, "of")});
  }
  if (table.empty()) {
    screen.output << "Nothing is there from that line on.\n";
    return Exit::Done;
  }
  screen.output << table.shown(screen.look);
  const auto& end = object_at(*answer, "end");
  screen.output << fmt::format("\nThe log ends before line {}; SHA-256 of the last: {}\n", integer_at(end, "next").value_or(0), text_at(end, "sha256"));
  if (const auto next = text_at(*answer, "next_cursor"); !next.empty()) screen.output << fmt::format("There is more: repeat the command with --cursor {}\n", next);
  return Exit::Done;
}

}  // namespace tamroi::cli
