#include <fmt/format.h>

#include <future>
#include <utility>

#include "journal/journal.h"

namespace tamroi::journal {

event::Offset append_and_wait(Journal& journal, Append append) {
  const std::string stream = event::to_string(append.stream);
  std::promise<Appended> promise;
  auto future = promise.get_future();
  journal.append(std::move(append), [&promise](Appended appended) { promise.set_value(appended); });
  const Appended appended = future.get();
  if (appended.error) throw JournalUnavailable(appended.error, fmt::format("append to stream {}", stream));
  return appended.offset;
}

}  // namespace tamroi::journal
