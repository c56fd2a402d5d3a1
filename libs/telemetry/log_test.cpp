#include "telemetry/log.h"

#include "telemetry/json_string.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <sstream>
#include <string>

namespace tamroi::telemetry {
namespace {

std::string logged(LogFormat format, Severity least, auto&& write) {
  std::ostringstream out;
  Log log({.least = least, .format = format, .out = &out});
  write(log);
  return out.str();
}

TEST_CASE("a JSON line carries the message and its fields with their types") {
  const std::string line = logged(LogFormat::Json, Severity::Info, [](Log& log) {
    log.info("started", {{"port", 8080}, {"address", "127.0.0.1"}, {"ready", true}, {"seconds", 1.5}});
  });
  CHECK(line.starts_with("{\"time\":\"20"));
  CHECK(line.ends_with("\"severity\":\"info\",\"message\":\"started\",\"port\":8080,\"address\":\"127.0.0.1\","
                       "\"ready\":true,\"seconds\":1.5}\n"));
}

TEST_CASE("text of others neither breaks a log line nor forges one") {
  for (const LogFormat format : {LogFormat::Json, LogFormat::Text}) {
    const std::string line = logged(format, Severity::Info, [](Log& log) {
      log.warning("a\nb %v {}", {{"path", "x\r\n{\"severity\":\"error\"}"}, {"bytes", "\xFF"}});
    });
    CHECK(std::ranges::count(line, '\n') == 1);
    CHECK(std::ranges::count(line, '\r') == 0);
    CHECK(line.find("a\\nb %v {}") != std::string::npos);
    CHECK(line.find("\xFF") == std::string::npos);
  }
}

TEST_CASE("a text line quotes only what needs it") {
  const std::string line = logged(LogFormat::Text, Severity::Info, [](Log& log) {
    log.error("stopped", {{"why", "disk full"}, {"stream", "24"}, {"empty", ""}});
  });
  CHECK(line.ends_with(" error stopped why=\"disk full\" stream=24 empty=\"\"\n"));
}

TEST_CASE("lines below the least severity are not written") {
  CHECK(logged(LogFormat::Json, Severity::Warning, [](Log& log) {
          log.debug("a");
          log.info("b");
        }).empty());
}

TEST_CASE("a JSON string keeps UTF-8, escapes controls and replaces bad bytes") {
  std::string out;
  append_json_string(out, "ก\"\\\n\x01\x7F\xED\xA0\x80!");
  CHECK(out == "\"ก\\\"\\\\\\n\\u0001\\u007f\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD!\"");
}

}  // namespace
}  // namespace tamroi::telemetry
