#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "setup/settings.h"

// How the value of a setting is read. Each function makes a reader of the member that `member(configuration)` gives.
namespace tamroi::setup {

using std::chrono::milliseconds;

[[nodiscard]] std::optional<std::uint64_t> parse_whole(std::string_view text);
// "64 KiB", in bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);
// "15 s", in milliseconds.
[[nodiscard]] std::optional<std::uint64_t> parse_time(std::string_view text);
[[nodiscard]] bool is_address(const std::string& text);

template <class Member>
using ValueOf = std::remove_reference_t<std::invoke_result_t<Member, Configuration&>>;

template <class Member>
Reader whole(Member member, std::uint64_t least, std::uint64_t most) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const auto number = value.IsScalar() ? parse_whole(value.Scalar()) : std::nullopt;
    if (!number || *number < least || *number > most) return fmt::format("a whole number from {} to {} is expected", least, most);
    member(into) = static_cast<ValueOf<Member>>(*number);
    return {};
  };
}

template <class Member>
Reader bytes(Member member, std::uint64_t least, std::uint64_t most) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const auto number = value.IsScalar() ? parse_bytes(value.Scalar()) : std::nullopt;
    if (!number || *number < least || *number > most) {
      return fmt::format("a size such as 64 KiB, 16 MiB or 1 GiB is expected, from {} to {} bytes", least, most);
    }
    member(into) = static_cast<ValueOf<Member>>(*number);
    return {};
  };
}

template <class Member>
Reader time(Member member, milliseconds least, milliseconds most) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const auto number = value.IsScalar() ? parse_time(value.Scalar()) : std::nullopt;
    if (!number || *number < static_cast<std::uint64_t>(least.count()) || *number > static_cast<std::uint64_t>(most.count())) {
      return fmt::format("a time such as 500 ms, 15 s or 1 min is expected, from {} to {} ms", least.count(), most.count());
    }
    member(into) = milliseconds(*number);
    return {};
  };
}

template <class Member>
Reader number(Member member, double least, double most) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    double given = 0;
    const bool fits = value.IsScalar() && YAML::convert<double>::decode(value, given) && given >= least && given <= most;
    if (!fits) return fmt::format("a number from {} to {} is expected", least, most);
    member(into) = given;
    return {};
  };
}

template <class Member>
Reader text(Member member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    if (!value.IsScalar() || value.Scalar().empty()) return "a text is expected";
    member(into) = value.Scalar();
    return {};
  };
}

// The empty text stands for none.
template <class Member>
Reader text_or_none(Member member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    if (!value.IsScalar()) return "a text is expected";
    member(into) = value.Scalar();
    return {};
  };
}

template <class Member>
Reader address(Member member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    if (!value.IsScalar() || !is_address(value.Scalar())) return "an IP address such as 127.0.0.1 is expected";
    member(into) = value.Scalar();
    return {};
  };
}

template <class Member>
Reader texts(Member member, bool (*fits)(const std::string&), std::string_view what) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const auto each_fits = [&](const auto& each) { return each.IsScalar() && fits(each.Scalar()); };
    if (!value.IsSequence() || !std::all_of(value.begin(), value.end(), each_fits)) return fmt::format("a list of {} is expected", what);
    member(into) = value.as<std::vector<std::string>>();
    return {};
  };
}

template <class Member>
Reader yes_or_no(Member member) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const bool fits = value.IsScalar() && (value.Scalar() == "true" || value.Scalar() == "false");
    member(into) = fits && value.Scalar() == "true";
    return fits ? "" : "true or false is expected";
  };
}

template <class Member>
Reader choice(Member member, std::map<std::string, ValueOf<Member>> words) {
  return [=](const YAML::Node& value, Configuration& into) -> std::string {
    const auto found = value.IsScalar() ? words.find(value.Scalar()) : words.end();
    if (found != words.end()) return member(into) = found->second, "";
    std::string all;
    for (const auto& [word, meaning] : words) all += (all.empty() ? "" : ", ") + word;
    return "one of " + all + " is expected";
  };
}

}  // namespace tamroi::setup
