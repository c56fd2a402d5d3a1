#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash_index.h"
#include "base/time.h"
#include "base/uuid.h"
#include "scoring/cells.h"

namespace tamroi::scoring {

// An entity that a live fact registers, or once did.
struct Member {
  bool live = false;
  bool marked = false;            // changed since it was last saved
  std::uint32_t unit = 0;         // within the province, from 1
  std::uint32_t uses = 0;         // live facts that use it, its registration not counted
  base::Date registered_on{};
  std::uint64_t where = 0;        // measures (Layout's member_bit) whose registered_where holds
  base::Uuid registration;
};

// The entities of one register in one province, with the accumulators of the measures over it. A member keeps
// its place when its registration is withdrawn.
class Registry {
 public:
  explicit Registry(Extent extent) : cells_(extent) {}

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  // The place of that name, made when absent.
  std::size_t place(std::string_view name);
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] Member& member(std::size_t i) { return members_[i]; }
  [[nodiscard]] const Member& member(std::size_t i) const { return members_[i]; }
  [[nodiscard]] const std::string& name(std::size_t i) const { return names_[i]; }
  // Says that the member, or a cell of it, changes; so that it is saved again.
  void mark(std::size_t i);
  // The marked members, each once; none is marked then.
  [[nodiscard]] std::vector<std::size_t> take_marked();
  [[nodiscard]] Cells& cells() { return cells_; }
  [[nodiscard]] const Cells& cells() const { return cells_; }
  // About how much memory it takes.
  [[nodiscard]] std::size_t bytes() const;

 private:
  std::vector<std::string> names_;
  std::size_t long_names_bytes_ = 0;  // of those that do not lie in their string
  base::HashIndex by_name_;
  std::vector<Member> members_;
  std::vector<std::size_t> marked_;
  Cells cells_;
};

}  // namespace tamroi::scoring
