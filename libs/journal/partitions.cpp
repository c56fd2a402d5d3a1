#include "journal/partitions.h"

#include <algorithm>
#include <array>

namespace tamroi::journal {
namespace {

// Version 1: the 77 provinces of 2565, in the order of their codes.
constexpr std::array<std::uint16_t, 77> by_partition{
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 30, 31,
    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
    52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 67, 70, 71, 72, 73, 74,
    75, 76, 77, 80, 81, 82, 83, 84, 85, 86, 90, 91, 92, 93, 94, 95, 96,
};

}  // namespace

std::vector<event::Stream> provinces_by_partition() {
  std::vector<event::Stream> streams;
  for (const auto code : by_partition) streams.push_back({code});
  return streams;
}

Layout::Layout(const std::string& prefix, const std::vector<event::Stream>& provinces)
    : topics_{{prefix + ".submissions", static_cast<int>(provinces.size()), true},
              {prefix + ".control", 1, true},
              {prefix + ".ledger", 1, false},
              {prefix + ".checkpoints", 1, false}} {
  for (std::size_t i = 0; i < provinces.size(); ++i) places_.push_back({provinces[i], topics_[0].name, static_cast<int>(i)});
  places_.push_back({event::control_stream, topics_[1].name, 0});
  places_.push_back({event::ledger_stream, topics_[2].name, 0});
  places_.push_back({event::checkpoints_stream, topics_[3].name, 0});
  std::ranges::sort(places_, {}, &Place::stream);
}

const Place* Layout::place_of(event::Stream stream) const {
  const auto found = std::ranges::lower_bound(places_, stream, {}, &Place::stream);
  return found != places_.end() && found->stream == stream ? &*found : nullptr;
}

}  // namespace tamroi::journal
