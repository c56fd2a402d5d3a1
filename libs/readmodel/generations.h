#pragma once

#include <memory>
#include <optional>
#include <string>

#include "readmodel/read_model.h"

namespace tamroi::readmodel {

// The generations of a read model: each a database in a numbered folder of its own. The file CURRENT names the one
// that is served, and the one before it, to go back to.
//
// Invariants: CURRENT changes as a whole and lasts; a folder that it does not name is being built, or was given up.
// Threads:    one at a time.
// Errors:     throws ReadModelUnavailable.
class Generations {
 public:
  using Number = unsigned;
  // `directory` is made where it is absent. What lies in it without a CURRENT is removed.
  explicit Generations(std::string directory);

  [[nodiscard]] Number current() const { return current_; }
  [[nodiscard]] std::optional<Number> previous() const { return previous_; }
  // Where one is built: the same until it is made current, so that an interrupted build goes on.
  [[nodiscard]] Number next() const;
  [[nodiscard]] std::string path(Number generation) const;
  // Of the tables that a build writes first.
  [[nodiscard]] std::string tables(Number generation) const;

  // Serves that one from now on.
  void make_current(Number generation);
  // The same, but the current one was of no use: the one before it stays the one to go back to.
  void replace_current(Number generation);
  // Removes every folder but those of the current one and the one before.
  void tidy() const;

 private:
  void write() const;

  std::string directory_;
  Number current_ = 1;
  std::optional<Number> previous_;
};

// Opens the current generation; begins a new one, to be folded from the journal's beginning, where it was written under
// another layout or fold version.
[[nodiscard]] std::unique_ptr<ReadModel> open_current(Generations& generations, const ReadModelOptions& options = {});

}  // namespace tamroi::readmodel
