#include "cli/pack_history.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "answer/under_draft.h"
#include "base/check.h"
#include "base/sha256.h"
#include "cli/misused.h"
#include "reporting/fold_ended.h"
#include "reporting/memory_store.h"
#include "reporting/province_fold.h"

namespace tamroi::cli {
namespace {

namespace fs = std::filesystem;

// The records of a stream: each its length (4 bytes, big-endian) and its bytes.
class StreamFile {
 public:
  explicit StreamFile(const fs::path& path) : path_(path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    if (!file) throw Misused(fmt::format("{} cannot be read: an audit pack is expected.", path.string()));
    bytes_ = std::move(all).str();
    for (std::size_t at = 0; at < bytes_.size();) {
      const auto rest = std::string_view(bytes_).substr(at);
      std::size_t length = 0;
      for (std::size_t i = 0; i < 4 && i < rest.size(); ++i) length = length << 8 | static_cast<unsigned char>(rest[i]);
      if (rest.size() < 4 || rest.size() - 4 < length) throw Misused(fmt::format("{} ends within a record.", path.string()));
      records_.push_back(rest.substr(4, length));
      at += 4 + length;
    }
  }
  StreamFile(const StreamFile&) = delete;
  StreamFile& operator=(const StreamFile&) = delete;

  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] std::string_view bytes(event::Offset offset) const { return records_.at(offset); }
  [[nodiscard]] event::Record record(event::Offset offset) const {
    auto record = event::decode_record(bytes(offset));
    if (!record) throw base::Defect(record.error());
    return std::move(*record);
  }
  [[nodiscard]] Misused failure(event::Offset offset, const std::string& why) const {
    return Misused(fmt::format("{}: record {} cannot be folded: {}", path_.string(), offset, why));
  }

 private:
  const fs::path path_;
  std::string bytes_;
  std::vector<std::string_view> records_;
};

// A province folded to its end. A record that cannot be folded is passed where a quarantine names it; the fold may have done
// half of it, so the stream is folded anew then.
class Folded {
 public:
  Folded(const StreamFile& file, const std::string& province, const std::shared_ptr<reporting::Plans>& plans, const reporting::ControlFold& controls)
      : file_(file), controls_(controls) {
    do {
      store_ = std::make_unique<reporting::MemoryStore>([&file](event::Offset offset) { return file.record(offset).body; });
      fold_ = std::make_unique<reporting::ProvinceFold>(province, plans, *store_);
    } while (!run());
  }

  [[nodiscard]] const reporting::RoundState* round(std::string_view round) const { return fold_->round(round); }

 private:
  bool run() {
    for (event::Offset offset = 0; offset < file_.size(); ++offset) {
      if (passed_.contains(offset)) {
        static_cast<void>(fold_->pass(offset));
        continue;
      }
      try {
        static_cast<void>(fold_->step(file_.record(offset), offset));
      } catch (const reporting::FoldEnded& ended) {
        throw file_.failure(offset, ended.what());
      } catch (const base::Defect& defect) {
        if (controls_.quarantine({fold_->stream(), offset}) != base::to_hex(base::sha256(file_.bytes(offset)))) throw file_.failure(offset, defect.what());
        passed_.insert(offset);
        return false;
      }
    }
    return true;
  }

  const StreamFile& file_;
  const reporting::ControlFold& controls_;
  std::set<event::Offset> passed_;
  std::unique_ptr<reporting::MemoryStore> store_;
  std::unique_ptr<reporting::ProvinceFold> fold_;
};

}  // namespace

PackHistory::PackHistory(fs::path pack)
    : pack_(std::move(pack)), controls_(plans_, [this](event::Offset offset) { return control_bodies_.at(offset); }) {
  const StreamFile file(pack_ / "records" / event::to_string(event::control_stream));
  for (event::Offset offset = 0; offset < file.size(); ++offset) {
    try {
      const auto record = file.record(offset);
      control_bodies_.push_back(record.body);
      static_cast<void>(controls_.step(record, offset));
    } catch (const base::Defect& defect) {
      throw file.failure(offset, defect.what());
    }
  }
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(pack_ / "records", error)) {
    const auto name = entry.path().filename().string();
    const auto stream = event::parse_stream(name);
    if (stream && *stream != event::control_stream) provinces_.push_back(name);
  }
  std::ranges::sort(provinces_);
}

std::optional<boost::json::array> PackHistory::what_if(const std::string& province, const std::shared_ptr<const catalogue::Plan>& draft,
                                                       std::uint32_t revision) const {
  const auto latest = controls_.published().plans.find(draft->round);
  if (latest == controls_.published().plans.end()) return std::nullopt;
  const StreamFile file(pack_ / "records" / province);
  const Folded published(file, province, plans_, controls_);
  const auto* before = published.round(draft->round);
  if (before == nullptr || !before->opened) return std::nullopt;
  const Folded drafted(file, province, std::make_shared<answer::DraftedPlans>(plans_, latest->second, draft), controls_);
  const auto* after = drafted.round(draft->round);
  CHECK(after != nullptr);
  return answer::moves(answer::published(*before), answer::published(*after), revision);
}

}  // namespace tamroi::cli
