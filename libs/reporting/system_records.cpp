#include "reporting/system_records.h"

#include <algorithm>

#include <boost/json.hpp>

namespace tamroi::reporting {
namespace {

event::Record system_record(std::string_view type, std::string_view identity, boost::json::object members, std::string_view reason, base::Instant at) {
  event::Record record;
  record.kind = event::Kind::Control;
  record.id = base::Uuid::from_digest(base::sha256(std::string(type) + '\0' + std::string(identity)));
  record.received_at = at;
  record.actor = {"system", "system", "TH"};
  boost::json::object body{{"id", record.id.to_string()}, {"type", type}};
  for (auto& [name, value] : members) body[name] = std::move(value);
  body["reason"] = reason;
  record.body = boost::json::serialize(body);
  return record;
}

}  // namespace

event::Record publish_catalogue(const std::string& round, const catalogue::Bundle& files, base::Instant at) {
  boost::json::object texts;
  for (const auto& [path, text] : files) texts[path] = text;
  return system_record("catalogue_published", round + '\0' + base::to_hex(catalogue::digest(files)),
                       {{"round", round}, {"files", std::move(texts)}}, "The catalogue of the round, as shipped.", at);
}

event::Record grant_account(const std::string& account, const std::string& role, const std::string& unit, const std::string& token_sha256, base::Instant at) {
  return system_record("account_granted", account, {{"account", account}, {"role", role}, {"unit", unit}, {"token_sha256", token_sha256}},
                       "An account of the first start.", at);
}

event::Record close_month(const std::string& round, const std::string& month, base::Instant at) {
  return system_record("period_closed", round + '\0' + month, {{"round", round}, {"month", month}}, "The month has ended.", at);
}

event::Record copy_control(const event::Record& control, const NumberedControl& numbered, base::Instant at) {
  event::Record copy = control;
  copy.kind = event::Kind::ControlCopy;
  copy.received_at = std::max(at, numbered.recorded_at);
  copy.number = numbered.number;
  copy.control_offset = numbered.offset;
  return copy;
}

base::Instant due(const catalogue::Period& month) { return base::bangkok_time({month.last.days + 1}, 6, 0); }

std::vector<event::Record> due_closings(const ControlFold& control, base::Instant now) {
  std::vector<event::Record> records;
  for (const auto& round : control.automatic()) {
    const auto* plan = control.published().plan(round.round);
    if (round.closed_months >= plan->months.size()) continue;
    const auto& month = plan->months[round.closed_months];
    if (due(month) <= now) records.push_back(close_month(round.round, month.name, now));
  }
  return records;
}

}  // namespace tamroi::reporting
