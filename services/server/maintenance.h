#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "access/access_log.h"
#include "journal/journal.h"
#include "memory/budget.h"
#include "projection/projection.h"
#include "readmodel/generations.h"
#include "readmodel/switched_read_model.h"
#include "setup/configuration.h"
#include "telemetry/log.h"

namespace tamroi::server {

// What an operator does with a data directory, whether a server runs on it or not. The words are those of the command
// line; `tell` gets lines for a person as it goes on, and each returns the last.
//
// Threads: one command at a time.
// Errors:  throws std::exception with a sentence; then what was served is served still.
class Maintenance {
 public:
  using Tell = std::function<void(const std::string& line)>;
  // Of a server that runs: what folds into the read model, and where another is put in its place.
  struct Serving {
    projection::Projection& projection;
    readmodel::SwitchedReadModel& model;
  };

  // The references must outlive it; `serving` is null where no server runs.
  Maintenance(const setup::Configuration& configuration, const memory::Budget& budget, journal::Journal& journal,
              readmodel::Generations& generations, access::AccessLog& accesses, telemetry::Log& log, const Serving* serving);

  // "rebuild", "rollback", "check", or "backup DIRECTORY". Who asked for it is noted in the access log first.
  std::string run(std::string_view command, const std::string& who, const Tell& tell);

 private:
  // A new generation from the journal, compared with what was published, and then served.
  std::string rebuild(const Tell& tell);
  // The generation before this one is brought up to the journal, and served again.
  std::string roll_back();
  std::string check(const Tell& tell);
  // `directory` must not exist; it can be restored from.
  std::string back_up(const std::filesystem::path& directory);
  void serve(readmodel::Generations::Number generation);
  [[nodiscard]] std::unique_ptr<readmodel::ReadModel> opened();

  const setup::Configuration& configuration_;
  const memory::Budget& budget_;
  journal::Journal& journal_;
  readmodel::Generations& generations_;
  access::AccessLog& accesses_;
  telemetry::Log& log_;
  const Serving* serving_;
};

// The user of this machine with a number, as the access log names them: "user 0 root".
[[nodiscard]] std::string user_of(std::uint32_t number);

// Opens what a command needs of a data directory on which no server runs, and runs it.
std::string maintain(const setup::Configuration& configuration, std::string_view command, const Maintenance::Tell& tell);

// Makes a data directory out of a backup; it must not hold anything.
void restore(const setup::Configuration& configuration, const std::filesystem::path& backup);

}  // namespace tamroi::server
