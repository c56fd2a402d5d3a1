#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tamroi::bench {

// What the readers have seen, all together.
struct Seen {
  std::vector<std::uint32_t> micros;  // from each stamp to its arrival
  std::size_t missing = 0;
  std::size_t repeated = 0;
};

// One reader of server-sent events. Whoever makes them stamps each, so: `stamp 18500s123456789n0 ` is the first, due at
// that second and nanosecond of the steady clock; numbers have no gap. Events without a stamp do not count.
class EventReader {
 public:
  // Takes what came from the server; false where that is no stream of events, or its end.
  bool take(std::string_view bytes, std::int64_t now, Seen& seen);
  [[nodiscard]] bool begun() const { return begun_; }
  [[nodiscard]] std::size_t next() const { return next_; }

 private:
  bool take_head(std::string_view& bytes);
  bool take_chunks(std::string_view bytes);
  void take_event(std::string_view event, std::int64_t now, Seen& seen);

  bool begun_ = false;  // past the head
  bool chunked_ = false;
  bool digits_ = false;     // of a chunk's size are there
  std::size_t size_ = 0;    // of the next chunk, as far as it is known
  std::size_t left_ = 0;    // of this chunk
  std::size_t next_ = 0;    // the number that is expected
  std::string text_;        // of the head, then of events that are not whole yet
};

}  // namespace tamroi::bench
