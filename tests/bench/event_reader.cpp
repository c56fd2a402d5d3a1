#include "bench/event_reader.h"

#include <algorithm>
#include <charconv>

namespace tamroi::bench {
namespace {

constexpr std::string_view mark = "stamp ";

template <class Number>
Number number_at(std::string_view& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(std::min(text.size(), static_cast<std::size_t>(end - text.data()) + 1));
  return error == std::errc() ? number : Number{};
}

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

bool EventReader::take(std::string_view bytes, std::int64_t now, Seen& seen) {
  if (!begun_ && !take_head(bytes)) return false;
  if (!begun_) return true;
  if (!chunked_) text_ += bytes;
  if (chunked_ && !take_chunks(bytes)) return false;
  std::size_t from = 0;
  for (auto end = text_.find("\n\n"); end != std::string::npos; end = text_.find("\n\n", from)) {
    take_event(std::string_view(text_).substr(from, end - from), now, seen);
    from = end + 2;
  }
  text_.erase(0, from);
  return true;
}

bool EventReader::take_head(std::string_view& bytes) {
  text_ += bytes;
  const auto end = text_.find("\r\n\r\n");
  if (end == std::string::npos) return true;
  bytes.remove_prefix(bytes.size() - (text_.size() - end - 4));
  text_.resize(end);
  const bool fits = text_.starts_with("HTTP/1.1 200 ") && text_.find("text/event-stream") != std::string::npos;
  chunked_ = text_.find("chunked") != std::string::npos;
  text_.clear();
  begun_ = fits;
  return fits;
}

bool EventReader::take_chunks(std::string_view bytes) {
  while (!bytes.empty()) {
    if (left_ > 0) {
      const auto some = bytes.substr(0, left_);
      text_ += some;
      left_ -= some.size();
      bytes.remove_prefix(some.size());
      continue;
    }
    const char c = bytes.front();
    bytes.remove_prefix(1);
    if (const int digit = hexadecimal(c); digit >= 0) {
      size_ = size_ * 16 + static_cast<std::size_t>(digit);
      digits_ = true;
    } else if (c == '\n' && digits_) {
      if (size_ == 0) return false;
      left_ = size_;
      size_ = 0;
      digits_ = false;
    }
  }
  return true;
}

void EventReader::take_event(std::string_view event, std::int64_t now, Seen& seen) {
  const auto at = event.find(mark);
  if (at == std::string_view::npos) return;
  event.remove_prefix(at + mark.size());
  const auto seconds = number_at<std::int64_t>(event);
  const auto stamp = seconds * 1'000'000'000 + number_at<std::int64_t>(event);
  const auto number = number_at<std::size_t>(event);
  if (number < next_) {
    ++seen.repeated;
    return;
  }
  seen.missing += number - next_;
  next_ = number + 1;
  seen.micros.push_back(static_cast<std::uint32_t>(std::clamp<std::int64_t>((now - stamp) / 1000, 0, UINT32_MAX)));
}

}  // namespace tamroi::bench
