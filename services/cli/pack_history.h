#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "catalogue/plan.h"
#include "reporting/control_fold.h"

namespace tamroi::cli {

// The history in an audit pack (schemas/audit/README.md), folded in memory, a province at a time. It is taken for what it
// says: whether it is proved is tamroi-verify's to say.
//
// Errors: throws Misused where the folder is no such pack, or a record cannot be folded.
// Limits: the records and facts of one province lie in memory.
class PackHistory {
 public:
  explicit PackHistory(std::filesystem::path pack);
  PackHistory(const PackHistory&) = delete;
  PackHistory& operator=(const PackHistory&) = delete;

  [[nodiscard]] const std::vector<std::string>& provinces() const { return provinces_; }
  // What would move in that province (answer/under_draft.h); nothing where the draft's round is not open there. Revision 0: the
  // one in force.
  [[nodiscard]] std::optional<boost::json::array> what_if(const std::string& province, const std::shared_ptr<const catalogue::Plan>& draft,
                                                          std::uint32_t revision) const;

 private:
  const std::filesystem::path pack_;
  const std::shared_ptr<reporting::Plans> plans_ = std::make_shared<reporting::Plans>();
  std::vector<std::string> provinces_;
  std::vector<std::string> control_bodies_;
  reporting::ControlFold controls_;
};

}  // namespace tamroi::cli
