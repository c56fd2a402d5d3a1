#include <unistd.h>

#include <exception>
#include <iostream>

#include "cli/client.h"
#include "cli/help_page.h"
#include "cli/program/command_line.h"

namespace {

using namespace tamroi::cli;

Exit run(CommandLine& line, int count, char** arguments) {
  try {
    if (!line.parse(count, arguments)) {
      std::cerr << help_page(line.text(), "", look_of(STDERR_FILENO));
      return Exit::WrongUsage;
    }
  } catch (const CLI::ParseError& error) {
    return line.tell(error);
  }
  const Screen screen{std::cout, std::cerr, look_of(STDOUT_FILENO), look_of(STDERR_FILENO), line.options().json};
  const auto exit = line.run(screen);
  std::cout.flush();
  return exit;
}

}  // namespace

int main(int count, char** arguments) {
  const auto failed = [](Exit exit, const std::string& why) {
    std::cout.flush();
    std::cerr << why << '\n';
    return static_cast<int>(exit);
  };
  try {
    CommandLine line;
    return static_cast<int>(run(line, count, arguments));
  } catch (const Misused& misused) {
    return failed(Exit::WrongUsage, misused.what());
  } catch (const ServerUnreachable& error) {
    return failed(Exit::Unreachable,
                  std::string(error.what()) + ". Is it running? Name another with --url or TAMROI_URL.");
  } catch (const std::exception& error) {
    return failed(Exit::Refused, std::string("tamroi: ") + error.what());
  }
}
