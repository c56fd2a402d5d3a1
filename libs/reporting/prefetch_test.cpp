#include <catch2/catch_test_macros.hpp>

#include <fmt/format.h>

#include "reporting/memory_store.h"
#include "reporting/province_fold.h"
#include "reporting/system_records.h"
#include "support/files.h"

namespace tamroi::reporting {
namespace {

// A memory store that remembers what it was asked for.
class AskedStore final : public Store {
 public:
  std::vector<std::vector<base::Uuid>> prefetched;  // by call
  std::vector<base::Uuid> early;                    // asked for without having been prefetched last

  void insert(const scoring::LatestCell& cell, const scoring::Latest& fact) override { memory_.insert(cell, fact); }
  void erase(const scoring::LatestCell& cell, const scoring::Latest& fact) override { memory_.erase(cell, fact); }
  scoring::Latest newest(const scoring::LatestCell& cell) override { return memory_.newest(cell); }
  void clear(const std::string& round) override { memory_.clear(round); }
  void prefetch(const std::string& /*round*/, std::span<const base::Uuid> ids) override {
    prefetched.emplace_back(ids.begin(), ids.end());
  }
  std::optional<FactVersion> fact(const std::string& round, const base::Uuid& id) override {
    if (prefetched.empty() || std::ranges::find(prefetched.back(), id) == prefetched.back().end()) early.push_back(id);
    return memory_.fact(round, id);
  }
  void put(const std::string& round, const FactVersion& version) override { memory_.put(round, version); }
  void for_each_live(const std::string& round, const std::function<void(const FactVersion&)>& visit) override {
    memory_.for_each_live(round, visit);
  }
  std::optional<event::Offset> first_of(const base::Uuid& id) override { return memory_.first_of(id); }
  void put_first(const base::Uuid& id, event::Offset offset) override { memory_.put_first(id, offset); }
  std::string body(event::Offset offset) override { return memory_.body(offset); }

 private:
  MemoryStore memory_{[](event::Offset) { return std::string{}; }};
};

base::Uuid id_of(char digit) {
  return base::Uuid::parse(fmt::format("00000000-0000-7000-8000-00000000000{}", digit)).value();
}

event::Record control_copy(const std::string& type, const std::string& members, std::uint64_t number) {
  const auto body = fmt::format(R"({{"id":"{}","type":"{}","reason":"r","round":"2565-2",{}}})", id_of('0').to_string(),
                                type, members);
  return {event::Kind::ControlCopy, id_of('0'), {}, {"m", "ministry_officer", "TH"}, body, number, number - 1};
}

event::Record submission(char digit, const std::string& entries) {
  const auto body = fmt::format(R"({{"id":"{}","unit":"2401","round":"2565-2","reason":"r","entries":[{}]}})",
                                id_of(digit).to_string(), entries);
  return {event::Kind::Submission,
          id_of(digit),
          base::bangkok_time(base::from_civil({2022, 6, 10}), 9, 0),
          {"d", "district_officer", "2401"},
          body,
          0,
          0};
}

std::string visit(std::string_view op, char fact) {
  return fmt::format(
      R"({{"op":"{}","fact":"{}",{}"occurred_on":"2022-06-02","values":{{"household":"h-1","team":"t"}}}})", op,
      id_of(fact).to_string(), op == "record" ? R"("type":"mentor_visit",)" : "");
}

}  // namespace

TEST_CASE("all facts that a submission names are prefetched once, before any is asked for") {
  AskedStore store;
  ProvinceFold fold("24", std::make_shared<Plans>(), store);
  event::Offset offset = 0;
  const auto control = publish_catalogue("2565-2", support::read_bundle_2565_2(), {});
  (void)fold.step(copy_control(control, {1, 0, {}}, {}), offset++);
  (void)fold.step(control_copy("round_opened", R"("revision":1)", 2), offset++);
  const auto registered = fmt::format(
      R"({{"op":"record","fact":"{}","type":"target_household","occurred_on":"2022-06-01","values":{{"household":"h-1","dimensions":["health"],"source":"tpmap"}}}})",
      id_of('1').to_string());
  REQUIRE(fold.step(submission('a', registered + "," + visit("record", '2')), offset++).verdict ==
          event::Verdict::Accepted);
  CHECK(store.prefetched.back() == std::vector{id_of('1'), id_of('2')});

  const auto withdrawn = fmt::format(R"({{"op":"withdraw","fact":"{}"}})", id_of('2').to_string());
  REQUIRE(fold.step(submission('b', visit("correct", '2') + "," + withdrawn + "," + visit("record", '3')), offset++)
              .verdict == event::Verdict::Accepted);
  CHECK(store.prefetched.back() == std::vector{id_of('2'), id_of('2'), id_of('3')});

  // Neither an ill-formed id nor one after a problem is in the way of the others.
  REQUIRE(fold.step(submission('c', R"({"op":"record","fact":"x"},{"op":"what"},1,)" + visit("correct", '3')), offset++)
              .verdict == event::Verdict::Rejected);
  CHECK(store.prefetched.back() == std::vector{id_of('3')});
  CHECK(store.prefetched.size() == 3);
  CHECK(store.early.empty());
}

}  // namespace tamroi::reporting
