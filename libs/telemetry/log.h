#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace tamroi::telemetry {

enum class Severity : std::uint8_t { Debug, Info, Warning, Error };
enum class LogFormat : std::uint8_t { Text, Json };

// A name and a value of a log line; only borrowed, the line is made before the call returns.
struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;

  Field(std::string_view field, std::string_view text) : name(field), value(text) {}
  Field(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
  Field(std::string_view field, bool flag) : name(field), value(flag) {}
  Field(std::string_view field, double number) : name(field), value(number) {}
  Field(std::string_view field, std::signed_integral auto number)
      : name(field), value(static_cast<std::int64_t>(number)) {}
  Field(std::string_view field, std::unsigned_integral auto number)
      : name(field), value(static_cast<std::uint64_t>(number)) {}
};

// Structured log: every call writes exactly one line, to stderr unless told otherwise.
//
// Invariants: text of others cannot break a line or forge one; all of it is escaped. Warnings and errors are written
//             when the call returns, with what came before; other lines of a busy moment a moment later, together.
// Threads:    any.
// Errors:     none; a line that cannot be written is lost.
class Log {
 public:
  struct Options {
    Severity least = Severity::Info;
    LogFormat format = LogFormat::Json;
    std::ostream* out = nullptr;  // instead of stderr; must outlive the log
  };

  explicit Log(Options options);
  Log();
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(Severity severity, std::string_view message, std::initializer_list<Field> fields);
  void debug(std::string_view message, std::initializer_list<Field> fields = {});
  void info(std::string_view message, std::initializer_list<Field> fields = {});
  void warning(std::string_view message, std::initializer_list<Field> fields = {});
  void error(std::string_view message, std::initializer_list<Field> fields = {});

 private:
  LogFormat format_;
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace tamroi::telemetry
