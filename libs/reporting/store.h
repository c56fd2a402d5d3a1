#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/uuid.h"
#include "event/record.h"
#include "scoring/province_round.h"

namespace tamroi::reporting {

// One version of a fact: as recorded, corrected or withdrawn by the record at `written`. Its texts are borrowed:
// a step handles many and keeps none.
struct FactVersion {
  base::Uuid id;
  std::uint64_t number = 0;       // within its stream, from 0, in the order of recording
  std::string_view type;          // its name: an index of the plan may move with a later catalogue
  std::string_view unit;
  base::Date occurred_on{};
  scoring::RecordedAt recorded{};  // of the entry that recorded it
  event::Offset written = 0;
  bool live = true;
  bool late = false;
  std::string_view values;        // the JSON of its values, as sent
};

// What the fold of one province keeps outside its memory: facts, their order in latest cells, and the first
// record of each submission id. Writes are seen by the reads after them.
class Store : public scoring::LatestIndex {
 public:
  // Says once a submission, before any fact() of it, which facts its entries name, so that they can be read at once.
  virtual void prefetch(const std::string& /*round*/, std::span<const base::Uuid> /*ids*/) {}
  // The newest version of a fact of a round; nothing where the id was never recorded. Its texts are valid until the
  // next prefetch.
  [[nodiscard]] virtual std::optional<FactVersion> fact(const std::string& round, const base::Uuid& id) = 0;
  // Copies what the version borrows.
  virtual void put(const std::string& round, const FactVersion& version) = 0;
  // All live facts of a round, in any order: for a catalogue that adds measures. The texts are valid during the visit.
  virtual void for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) = 0;
  // The offset of the first record with that id.
  [[nodiscard]] virtual std::optional<event::Offset> first_of(const base::Uuid& id) = 0;
  virtual void put_first(const base::Uuid& id, event::Offset offset) = 0;
  // The body of a record of the stream that was stepped already.
  [[nodiscard]] virtual std::string body(event::Offset offset) = 0;
};

}  // namespace tamroi::reporting
