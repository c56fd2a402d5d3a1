#include "projection/companion.h"

namespace tamroi::projection {

Companion::Companion(journal::Journal& journal, readmodel::ReadModel& model, telemetry::Log& log, Follows follows)
    : journal_(journal), model_(model), log_(log), follows_(std::move(follows)), control_(journal, model, plans_, log, [] {}),
      ledger_(journal, model, log, [this](event::Stream stream, event::Offset next) {
        const auto found = provinces_.find(event::to_string(stream));
        if (found != provinces_.end()) found->second->published_to(next);
      }) {}

void Companion::catch_up() {
  advance(control_, [this] { return control_.next(); });
  make_provinces();
  advance(ledger_, [this] { return ledger_.next(); });
  for (const auto& [code, province] : provinces_) {
    advance(*province, [&] { return province->view()->next; });
    // Once more without records: what was published meanwhile is compared.
    static_cast<void>(province->advance());
  }
}

void Companion::make_provinces() {
  const auto published = control_.published();
  for (const auto& [round, plan] : published->plans) {
    for (const auto& unit : plan->units.all()) {
      if (unit.level != catalogue::Level::Province || provinces_.contains(unit.code) || !follows_.has(event::parse_stream(unit.code).value())) continue;
      const auto quarantine = [this](event::Position position) {
        return control_.with_fold([&](const auto& fold) { return fold.quarantine(position); });
      };
      provinces_.emplace(unit.code, std::make_unique<ProvinceStream>(
                                        unit.code, ProvinceStream::Surroundings{journal_, model_, plans_, log_, quarantine, [](const auto&) {}}));
    }
  }
}

// A stream that stops does so here as in the projection that serves.
void Companion::advance(Follower& follower, const std::function<event::Offset()>& next) {
  const auto end = journal_.end(follower.stream());
  while (next() < end && follower.advance()) {
  }
}

}  // namespace tamroi::projection
