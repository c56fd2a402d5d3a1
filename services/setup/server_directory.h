#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "journal/journal.h"
#include "projection/clock.h"
#include "setup/configuration.h"

namespace tamroi::setup {

// Where a server keeps everything; made once.
struct ServerDirectory {
  std::filesystem::path root;
  [[nodiscard]] std::string journal() const { return root / "journal"; }
  [[nodiscard]] std::string read_model() const { return root / "readmodel"; }
  // Where a running server is asked for what is done beside serving.
  [[nodiscard]] std::filesystem::path socket() const { return root / "server.sock"; }
  // An absolute name stays as it is.
  [[nodiscard]] std::filesystem::path heads(const Configuration& configuration) const { return root / configuration.heads; }
  [[nodiscard]] std::filesystem::path key_file(const Configuration& configuration) const { return root / configuration.key_file; }
  [[nodiscard]] std::filesystem::path witnesses(const Configuration& configuration) const { return root / configuration.witnesses; }
  // Who looked at what.
  [[nodiscard]] std::filesystem::path access() const { return root / "access"; }
  // That it was made out of a backup, and what the log came to since may be lost.
  [[nodiscard]] std::filesystem::path restored() const { return root / "restored"; }
  // Checkpoints that contradict one another.
  [[nodiscard]] std::filesystem::path evidence() const { return root / "evidence"; }
  [[nodiscard]] std::filesystem::path tokens() const { return root / "tokens.json"; }
  // "real" or "simulated": settled for good when the directory was made.
  [[nodiscard]] std::filesystem::path clock() const { return root / "clock"; }
};

enum class FirstUse : std::uint8_t { Begun, Joined };

// Makes a data directory: the catalogue and one account a role, as records of the system, and their tokens in
// tokens.json; with a journal in Kafka that has records, none are added and there are no tokens: the server joins those that
// have it. Throws std::runtime_error with a sentence where it cannot; what is there already is left alone.
FirstUse make_server_directory(const Configuration& configuration, bool simulated);

// The clock of a data directory. A simulated one starts at the latest record, so the journal must not grow meanwhile.
// Throws std::runtime_error where the directory was not made, or made for the other clock.
[[nodiscard]] std::unique_ptr<projection::Clock> clock_of(const Configuration& configuration, journal::Journal& journal);

}  // namespace tamroi::setup
