#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

// Members of answers, read forgivingly: what is absent or of another type is empty, since answers may gain members
// and an answer may come from something that is no tamroi server.
namespace tamroi::cli {

[[nodiscard]] std::string text_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> integer_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] bool true_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] const boost::json::object& object_at(const boost::json::object& object, std::string_view name);
[[nodiscard]] const boost::json::array& array_at(const boost::json::object& object, std::string_view name);
// The object itself, or an empty one.
[[nodiscard]] const boost::json::object& as_object(const boost::json::value& value);
// A body that is an object; nothing for any other.
[[nodiscard]] std::optional<boost::json::object> parse_object(std::string_view body);

// {"stream", "offset"} as 24:17; "" where there is none.
[[nodiscard]] std::string position_text(const boost::json::object& position);
// An RFC 3339 time as Bangkok's date and time, to the second; what is no time stays as it is.
[[nodiscard]] std::string bangkok_text(std::string_view rfc3339);
// A measure: "4", "97.5 % (39 of 40)", "undefined: …".
[[nodiscard]] std::string figure_text(const boost::json::object& figure);

}  // namespace tamroi::cli
