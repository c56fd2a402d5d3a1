#include "telemetry/log.h"

#include "telemetry/gathering_sink.h"
#include "telemetry/json_string.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <type_traits>

#include <unistd.h>

namespace tamroi::telemetry {
namespace {

spdlog::level::level_enum level_of(Severity severity) {
  switch (severity) {
    case Severity::Debug: return spdlog::level::debug;
    case Severity::Info: return spdlog::level::info;
    case Severity::Warning: return spdlog::level::warn;
    case Severity::Error: break;
  }
  return spdlog::level::err;
}

// The time is stamped by spdlog, in UTC; the payload is the rest of the line.
constexpr const char* json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","severity":"%l",%v})";
constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%fZ %l %v";

constexpr std::size_t line_bytes = 320;  // of most lines

bool plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '='; });
}

void append_value(std::string& line, const Field& field, LogFormat format) {
  std::visit(
      [&](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string_view>) {
          if (format == LogFormat::Text && plain(value)) {
            line += value;
          } else {
            append_json_string(line, value);
          }
        } else if constexpr (std::is_same_v<Value, double>) {
          // JSON has no NaN and no infinity.
          line += std::isfinite(value) ? fmt::format("{}", value) : "null";
        } else {
          fmt::format_to(std::back_inserter(line), "{}", value);
        }
      },
      field.value);
}

std::string json_payload(std::string_view message, std::initializer_list<Field> fields) {
  std::string line;
  line.reserve(line_bytes);
  line += "\"message\":";
  append_json_string(line, message);
  for (const Field& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    append_value(line, field, LogFormat::Json);
  }
  return line;
}

std::string text_payload(std::string_view message, std::initializer_list<Field> fields) {
  std::string quoted;
  append_json_string(quoted, message);
  std::string line = quoted.substr(1, quoted.size() - 2);
  for (const Field& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    append_value(line, field, LogFormat::Text);
  }
  return line;
}

}  // namespace

Log::Log() : Log(Options{}) {}

Log::Log(Options options) : format_(options.format) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (options.out != nullptr) {
    sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(*options.out, true);
  } else {
    sink = std::make_shared<GatheringSink>(STDERR_FILENO);
  }
  logger_ = std::make_unique<spdlog::logger>("tamroi", std::move(sink));
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      format_ == LogFormat::Json ? json_pattern : text_pattern, spdlog::pattern_time_type::utc, "\n"));
  logger_->set_level(level_of(options.least));
}

Log::~Log() = default;

void Log::write(Severity severity, std::string_view message, std::initializer_list<Field> fields) {
  const auto level = level_of(severity);
  if (!logger_->should_log(level)) return;
  const std::string line = format_ == LogFormat::Json ? json_payload(message, fields) : text_payload(message, fields);
  logger_->log(level, spdlog::string_view_t(line.data(), line.size()));
}

void Log::debug(std::string_view message, std::initializer_list<Field> fields) {
  write(Severity::Debug, message, fields);
}
void Log::info(std::string_view message, std::initializer_list<Field> fields) {
  write(Severity::Info, message, fields);
}
void Log::warning(std::string_view message, std::initializer_list<Field> fields) {
  write(Severity::Warning, message, fields);
}
void Log::error(std::string_view message, std::initializer_list<Field> fields) {
  write(Severity::Error, message, fields);
}

}  // namespace tamroi::telemetry
