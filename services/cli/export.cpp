#include "cli/export.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "audit/pack_writer.h"
#include "base/base64.h"
#include "cli/pack_files.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "event/outcome.h"

namespace tamroi::cli {
namespace {

namespace json = boost::json;
using event::Stream;

constexpr std::uint64_t page_rows = 1'000;
constexpr std::uint64_t near_entries = 16;  // so many entries of others are read with those that are wanted
constexpr std::size_t busy_tries_max = 60;

// The server says no, and why.
struct Refused {
  Reply reply;
};

class Exporting {
 public:
  Exporting(Client& client, std::string unit, const std::string& to, const Screen& screen)
      : client_(client), unit_(std::move(unit)), screen_(screen), files_(to) {}

  std::string run() {
    find_units();
    const auto note = get("/v1/log/checkpoint");
    const auto checkpoint = checkpoint_of(note);
    std::vector<Stream> streams;
    for (const auto& code : provinces_) streams.push_back(event::parse_stream(code).value());
    writer_.emplace(unit_, streams, [this](const std::string& path, std::string_view bytes) { files_.append(path, bytes); });
    progress_.emplace(screen_.errors, screen_.errors_look, checkpoint.size * 2);
    take_leaves(checkpoint.size);
    for (const auto& [stream, indices] : wanted_) {
      take_records(stream, indices.size());
      take_outcomes(stream, indices);
    }
    take_catalogues();
    take_results(checkpoint.size);
    require(writer_->finish(note));
    files_.finish();
    return fmt::format("{} entries of the log, {} records of {} streams", checkpoint.size, records_, wanted_.size());
  }

 private:
  std::string get(const std::string& target) {
    for (std::size_t tries = 0;; ++tries) {
      auto reply = client_.get(target);
      if (reply.status == 200) return std::move(reply.body);
      if (!is_busy(reply) || tries == busy_tries_max) throw Refused{std::move(reply)};
      std::this_thread::sleep_for(std::max(reply.retry_after, std::chrono::seconds(1)));
    }
  }
  json::object object(const std::string& target) {
    auto body = parse_object(get(target));
    if (!body) throw std::runtime_error(target + " is answered with no JSON object.");
    return std::move(*body);
  }
  template <class Value>
  static Value require(std::expected<Value, std::string> given) {
    if (!given) throw std::runtime_error(given.error());
    if constexpr (!std::is_void_v<Value>) return std::move(*given);
  }
  static audit::Checkpoint checkpoint_of(const std::string& note) {
    return require(audit::parse_checkpoint(require(audit::parse_note(note)).text));
  }
  void told(std::uint64_t more, std::string_view remark) { progress_->show(done_ += more, remark); }

  // The unit with all below it, and the provinces whose streams it takes.
  void find_units() {
    const auto unit = object("/v1/units/" + encoded(unit_));
    if (text_at(unit, "level") == "district") provinces_.push_back(text_at(unit, "parent"));
    const auto all = object("/v1/units");
    std::map<std::string, const json::object*> tree;
    for (const auto& value : array_at(all, "units")) tree[text_at(as_object(value), "unit")] = &as_object(value);
    for (std::vector<std::string> ahead{unit_}; !ahead.empty();) {
      const auto code = std::move(ahead.back());
      ahead.pop_back();
      const auto found = tree.find(code);
      if (found == tree.end() || std::ranges::find(units_, code) != units_.end()) continue;
      units_.push_back(code);
      if (text_at(*found->second, "level") == "province") provinces_.push_back(code);
      for (const auto& child : array_at(*found->second, "children")) {
        if (child.is_string()) ahead.emplace_back(child.get_string());
      }
    }
    std::ranges::sort(units_);
    std::ranges::sort(provinces_);
  }

  void take_leaves(audit::Size size) {
    for (std::uint64_t index = 0; index * audit::tile_width < size; ++index) {
      const auto width = std::min(audit::tile_width, size - index * audit::tile_width);
      const auto bundle = get("/v1/log/" + audit::bundle_path(index, width));
      std::string_view rest = bundle;
      for (std::uint64_t i = 0; i < width; ++i) {
        const auto leaf = audit::take_from_bundle(rest);
        if (!leaf) throw std::runtime_error(fmt::format("The bundle {} is cut off.", index));
        const auto position = require(writer_->leaf(*leaf));
        if (position) wanted_[position->stream].push_back(index * audit::tile_width + i);
      }
      told(width, "leaves");
    }
  }

  // Rows of a stream from an offset on, decoded: at most `count`, at least one.
  std::vector<std::string> rows(Stream stream, std::uint64_t from, std::uint64_t count) {
    const auto page = object(fmt::format("/v1/streams/{}/records?from={}&limit={}", event::to_string(stream), from, std::min(count, page_rows)));
    std::vector<std::string> found;
    for (const auto& row : array_at(page, "records")) {
      auto bytes = base::from_base64(text_at(as_object(row), "bytes"));
      if (!bytes) throw std::runtime_error(fmt::format("{}:{} is no base64.", event::to_string(stream), from + found.size()));
      found.push_back(std::move(*bytes));
    }
    if (found.empty()) throw std::runtime_error(fmt::format("{}:{} is missing.", event::to_string(stream), from));
    return found;
  }

  void take_records(Stream stream, std::uint64_t count) {
    for (std::uint64_t next = 0; next < count;) {
      for (const auto& bytes : rows(stream, next, count - next)) {
        require(writer_->record(stream, bytes));
        if (stream == event::control_stream) controls_.push_back(bytes);
        ++next;
      }
      told(0, fmt::format("records of {}", event::to_string(stream)));
    }
    records_ += count;
  }

  // They stand behind the leaves in the ledger, among those of others.
  void take_outcomes(Stream stream, const std::vector<std::uint64_t>& indices) {
    for (std::size_t i = 0; i < indices.size();) {
      auto last = i;
      while (last + 1 < indices.size() && indices[last + 1] - indices[last] <= near_entries && indices[last + 1] - indices[i] < page_rows) ++last;
      const auto entries = rows(event::ledger_stream, indices[i], indices[last] - indices[i] + 1);
      const auto first = indices[i];
      const auto before = i;
      for (; i <= last && indices[i] - first < entries.size(); ++i) {
        const auto outcome = std::string_view(entries[indices[i] - first]).substr(event::Leaf::size_bytes);
        require(writer_->outcome(stream, outcome));
        if (stream == event::control_stream) control_outcomes_.emplace_back(outcome);
      }
      told(i - before, fmt::format("outcomes of {}", event::to_string(stream)));
    }
  }

  // Of each round the files as they were last published.
  void take_catalogues() {
    std::map<std::string, std::map<std::string, std::string>> rounds;
    for (std::size_t i = 0; i < controls_.size(); ++i) {
      const auto outcome = event::decode_outcome(control_outcomes_[i]);
      const auto record = event::decode_record(controls_[i]);
      if (!record || !outcome || outcome->verdict != event::Verdict::Accepted) continue;
      const auto body = parse_object(record->body);
      if (!body || text_at(*body, "type") != "catalogue_published") continue;
      auto& files = rounds[text_at(*body, "round")];
      files.clear();
      for (const auto& [name, text] : object_at(*body, "files")) {
        if (text.is_string()) files[std::string(name)] = std::string(text.get_string());
      }
    }
    for (const auto& [round, files] : rounds) {
      rounds_.push_back(round);
      for (const auto& [name, text] : files) writer_->file(audit::catalogue_path(round, name), text);
    }
  }

  void take_results(audit::Size size) {
    std::string all;
    for (const auto& round : rounds_) {
      for (const auto& unit : units_) {
        try {
          const auto body = get(fmt::format("/v1/rounds/{}/units/{}/results?as_of=ledger:{}", encoded(round), encoded(unit), size - 1));
          all += (all.empty() ? "\n" : ",\n") + body;
        } catch (const Refused& refused) {
          if (refused.reply.status != 404) throw;  // not opened until then
        }
        told(0, "results");
      }
    }
    writer_->file(std::string(audit::results_path), fmt::format("{{\"results\": [{}]}}\n", all));
  }

  Client& client_;
  const std::string unit_;
  const Screen& screen_;
  PackFiles files_;
  std::vector<std::string> units_;
  std::vector<std::string> provinces_;
  std::optional<audit::PackWriter> writer_;
  std::optional<Progress> progress_;
  std::uint64_t done_ = 0;
  std::uint64_t records_ = 0;
  std::map<Stream, std::vector<std::uint64_t>> wanted_;  // of each stream of the pack: where its leaves stand in the ledger
  std::vector<std::string> controls_;
  std::vector<std::string> control_outcomes_;
  std::vector<std::string> rounds_;
};

}  // namespace

Exit export_pack(Client& client, const std::string& unit, const std::string& to, const Screen& screen) {
  try {
    const auto what = Exporting(client, unit, to, screen).run();
    screen.output << fmt::format("Exported {} to {}: {}.\nWhoever has the log's public key can prove it: tamroi-verify pack {} --key KEY\n", unit, to, what, to);
    return Exit::Done;
  } catch (const Refused& refused) {
    return tell_refusal(refused.reply, screen);
  } catch (const ServerUnreachable&) {
    throw;
  } catch (const std::exception& failure) {
    screen.errors << failure.what() << "\n";
    return Exit::Refused;
  }
}

}  // namespace tamroi::cli
