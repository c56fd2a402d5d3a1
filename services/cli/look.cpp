#include "cli/look.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/display.h"

namespace tamroi::cli {
namespace {

constexpr std::size_t columns_min = 40;

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::Strong: return "1";
    case Tone::Good: return "32";
    case Tone::Bad: return "31";
    case Tone::Faint: return "2";
    case Tone::Plain: break;
  }
  return "";
}

bool set_and_not_empty(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Look look_of(int descriptor) {
  Look look;
  look.terminal = isatty(descriptor) == 1;
  if (!look.terminal) return look;
  const char* kind = std::getenv("TERM");
  look.colour = !set_and_not_empty("NO_COLOR") && (kind == nullptr || std::string_view(kind) != "dumb");
  winsize size{};
  const bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  look.columns = known ? std::max<std::size_t>(size.ws_col, columns_min) : 80;
  return look;
}

std::string paint(const Look& look, Tone tone, std::string_view text) {
  if (!look.colour || tone == Tone::Plain || text.empty()) return std::string(text);
  std::string out = "\x1b[";
  out += code_of(tone);
  out += 'm';
  out += text;
  out += "\x1b[0m";
  return out;
}

std::string paragraph(const Look& look, std::size_t indent, std::string_view text, Tone tone) {
  const auto columns = look.columns == 0 ? 0 : look.columns - std::min(indent, look.columns / 2);
  std::string out;
  for (const auto& line : wrapped(text, columns)) {
    out.append(indent, ' ');
    out += paint(look, tone, line);
    out += '\n';
  }
  return out;
}

}  // namespace tamroi::cli
