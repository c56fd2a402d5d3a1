#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/record.h"

namespace tamroi::journal {

// The provinces in the order of the partitions of the submissions' topic. Only ever added to, at its end: a partition
// keeps its province for ever.
[[nodiscard]] std::vector<event::Stream> provinces_by_partition();

// Where Kafka keeps a stream.
struct Place {
  event::Stream stream;
  std::string topic;
  int partition = 0;
  bool operator==(const Place&) const = default;
};

// The topics of a journal, and which stream lies where.
class Layout {
 public:
  struct Topic {
    std::string name;
    int partitions = 1;
    bool stamped_by_gateways = false;  // its stamps can be held against the broker's clock
  };
  // `prefix` is "tamroi" for "tamroi.submissions".
  Layout(const std::string& prefix, const std::vector<event::Stream>& provinces);

  [[nodiscard]] const std::vector<Topic>& topics() const { return topics_; }
  [[nodiscard]] const std::vector<Place>& places() const { return places_; }  // in the order of their streams
  [[nodiscard]] const Place* place_of(event::Stream stream) const;

 private:
  std::vector<Topic> topics_;
  std::vector<Place> places_;
};

}  // namespace tamroi::journal
