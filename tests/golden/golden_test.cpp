// The frozen journal comes to what it came to when it was written: in every build, and wherever it is stopped.

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <random>
#include <sstream>

#include "golden/conclusions.h"
#include "journal/journal.h"
#include "projection/control_stream.h"
#include "projection/ledger_stream.h"
#include "projection/province_stream.h"
#include "support/files.h"
#include "support/temporary_directory.h"

namespace tamroi::golden {
namespace {

std::string read(const char* name) { return support::read_file(support::source_dir() / "tests" / "golden" / name); }

void require_conclusions(const std::vector<Line>& lines, const Conclusions& conclusions) {
  std::istringstream expected(read("conclusions.txt"));
  std::istringstream came(told(lines, conclusions));
  std::string line;
  std::string one;
  while (std::getline(expected, line)) {
    REQUIRE(std::getline(came, one));
    REQUIRE(one == line);
  }
  REQUIRE_FALSE(std::getline(came, one));
}

// What a server has between a start and a stop.
class Running {
 public:
  Running(journal::Journal& journal, const std::string& directory)
      : model_(readmodel::open_read_model(directory)), controls_(journal, *model_, plans_, log_, [] {}),
        ledger_(journal, *model_, log_, [this](event::Stream stream, event::Offset next) { published(stream, next); }) {
    for (const auto& code : provinces()) {
      streams_.push_back(std::make_unique<projection::ProvinceStream>(
          code, projection::ProvinceStream::Surroundings{journal, *model_, plans_, log_, [this](event::Position at) { return quarantine(at); },
                                                         [](const projection::ProvinceStream&) {}}));
    }
  }

  void catch_up() {
    const auto to_the_end = [](auto& stream) {
      while (stream.advance()) {
      }
    };
    to_the_end(controls_);
    to_the_end(ledger_);
    for (const auto& stream : streams_) to_the_end(*stream);
  }

  // A stream may stand before a record whose quarantine has not come yet.
  [[nodiscard]] bool stopped_at(event::Position at) const {
    for (const auto& stream : streams_) {
      if (stream->stream() == at.stream && stream->stopped() && stream->stopped()->at == at.offset) return true;
    }
    return false;
  }
  [[nodiscard]] std::string why() const {
    std::string all;
    for (const auto& stream : streams_) all += stream->stopped() ? stream->stopped()->why : std::string();
    return all;
  }
  [[nodiscard]] bool compared() const {
    return std::ranges::all_of(streams_, [](const auto& stream) { return stream->compared(); });
  }
  [[nodiscard]] readmodel::ReadModel& model() { return *model_; }

 private:
  std::optional<std::string> quarantine(event::Position at) {
    return controls_.with_fold([&](const reporting::ControlFold& fold) { return fold.quarantine(at); });
  }
  void published(event::Stream stream, event::Offset next) {
    for (const auto& one : streams_) {
      if (one->stream() == stream) one->published_to(next);
    }
  }

  std::ostringstream log_text_;
  telemetry::Log log_{{.out = &log_text_}};
  std::shared_ptr<reporting::Plans> plans_ = std::make_shared<reporting::Plans>();
  std::unique_ptr<readmodel::ReadModel> model_;
  std::vector<std::unique_ptr<projection::ProvinceStream>> streams_;
  projection::ControlStream controls_;
  projection::LedgerStream ledger_;
};

// What the read model holds of each record.
Conclusions kept(readmodel::ReadModel& model, const std::vector<Line>& lines, const Conclusions& published) {
  Conclusions found;
  std::map<event::Stream, event::Offset> next;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const event::Position at{lines[i].stream, next[lines[i].stream]++};
    const auto folded = model.folded(at);
    REQUIRE(folded.has_value());
    // Once compared, the bytes are the ledger's.
    found.entries.push_back({folded->leaf, folded->outcome.empty() ? published.entries[i].outcome : folded->outcome});
    const auto digest = model.digest(at.stream, at.offset + 1);
    if (digest && digest->offset == at.offset) found.digests[at.stream].push_back(*digest);
  }
  for (const auto& code : provinces()) {
    const auto stream = event::parse_stream(code).value();
    found.results[stream] = model.results(stream, next[stream]).digest();
  }
  return found;
}

TEST_CASE("the golden journal comes to what it always came to") {
  const auto lines = read_journal_file(read("journal.bin"));
  require_conclusions(lines, fold(lines));
}

TEST_CASE("the golden journal comes to the same wherever a server is stopped and started") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 chance(seed);
  const auto lines = read_journal_file(read("journal.bin"));
  const auto published = fold(lines);
  const support::TemporaryDirectory directory;
  const auto journal = journal::make_memory_journal();
  std::vector<std::size_t> stops{lines.size()};
  // The long row of repeats is at the end, so most stops are before it.
  for (int i = 0; i < 12; ++i) stops.push_back(1 + chance() % (i < 9 ? lines.size() / 8 : lines.size()));
  std::ranges::sort(stops);
  std::size_t given = 0;
  for (const auto stop : stops) {
    INFO("stopped after " << stop << " records");
    for (; given < stop; ++given) {
      journal::append_and_wait(*journal, {lines[given].stream, {}, {}, lines[given].bytes});
      const auto& entry = published.entries[given];
      journal::append_and_wait(*journal, {event::ledger_stream, {}, {}, event::encode(entry)});
    }
    Running server(*journal, directory.path());
    server.catch_up();
    const auto& last = published.entries[given - 1].leaf;
    INFO(server.why());
    REQUIRE((server.why().empty() || (last.kind == 0 && server.stopped_at({last.stream, last.offset}))));
    REQUIRE(server.compared());
    if (given == lines.size()) require_conclusions(lines, kept(server.model(), lines, published));
  }
}

}  // namespace
}  // namespace tamroi::golden
