// The records themselves, for those who check.

#include <algorithm>
#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "answer/answer.h"
#include "base/base64.h"
#include "base/sha256.h"
#include "base/text.h"
#include "projection/outcomes.h"
#include "query/parameters.h"
#include "query/query.h"
#include "query/told.h"

namespace tamroi::query {
namespace {

namespace json = boost::json;
using http::Response;

// Of a page, as they are stored; they are told twice and a third longer.
constexpr std::size_t page_bytes_max = std::size_t{2} << 20;

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = base::utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string_view word(event::Kind kind) {
  switch (kind) {
    case event::Kind::Submission: return "submission";
    case event::Kind::Control: return "control";
    case event::Kind::ControlCopy: return "control_copy";
    case event::Kind::Review: break;
  }
  return "review";
}

// What the bytes say; the body as it was sent.
json::object told(const event::Record& record) {
  json::object told{{"format", event::record_format}, {"kind", word(record.kind)}, {"id", record.id.to_string()},
                    {"received_at", base::to_string(record.received_at)}, {"actor", answer::actor(record.actor)}};
  if (record.kind == event::Kind::ControlCopy) {
    told["number"] = record.number;
    told["control"] = answer::position({event::control_stream, record.control_offset});
  }
  if (is_utf8(record.body)) told["body"] = record.body;
  return told;
}

json::object told(const event::Leaf& leaf) {
  return {{"kind", leaf.kind}, {"position", answer::position({leaf.stream, leaf.offset})}, {"recorded_at", base::to_string(leaf.recorded_at)},
          {"id", leaf.id.to_string()}, {"record_length", leaf.record_length}, {"record_sha256", base::to_hex(leaf.record_sha256)},
          {"outcome_length", leaf.outcome_length}, {"outcome_sha256", base::to_hex(leaf.outcome_sha256)}, {"fold_version", leaf.fold_version}};
}

// Members of their own for what a stream of that kind holds; none where the bytes are nothing that is known.
void tell(event::Stream stream, const std::string& bytes, json::object& about) {
  if (stream == event::ledger_stream) {
    const auto entry = event::decode_ledger_entry(bytes);
    if (entry) about["leaf"] = told(entry->leaf);
  } else if (stream == event::checkpoints_stream) {
    if (is_utf8(bytes)) about["note"] = bytes;
  } else if (const auto record = event::decode_record(bytes)) {
    about["record"] = told(*record);
  }
}

}  // namespace

Response Query::streams(const Actor&, const Request&, const Match&) {
  auto& journal = projection_.journal();
  json::array all;
  const auto tell_of = [&](event::Stream stream) { all.push_back({{"stream", event::to_string(stream)}, {"records", journal.end(stream)}}); };
  for (const auto stream : {event::control_stream, event::ledger_stream, event::checkpoints_stream}) tell_of(stream);
  for (const auto* province : projection_.provinces()) tell_of(province->stream());
  return found({{"streams", std::move(all)}});
}

Response Query::records(const Actor&, const Request& request, const Match& match) {
  const auto stream = event::parse_stream(match.parameter("stream"));
  const bool own = stream && stream->code <= event::checkpoints_stream.code;
  if (!own && projection_.province(match.parameter("stream")) == nullptr) return http::problem(404, base::Code::NotFound, "There is no such stream.");
  const auto from = number_of(request, "from", 0, 0, UINT64_MAX);
  if (!from) return from.error();
  const auto limit = rows_of(request, page_rows_max_);
  if (!limit) return limit.error();
  const auto outcome = request.parameter("outcome");
  if (outcome && *outcome != "true" && *outcome != "false") return bad_parameter("outcome", "Either true or false is expected.");

  json::array records;
  std::uint64_t next = *from;
  for (const auto& entry : projection_.journal().read(*stream, *from, *limit, page_bytes_max)) {
    const event::Position position{*stream, entry.offset};
    json::object about{{"position", answer::position(position)}, {"created", base::to_string(entry.time)},
                       {"sha256", base::to_hex(base::sha256(entry.bytes))}, {"bytes", base::to_base64(entry.bytes)}};
    tell(*stream, entry.bytes, about);
    if (outcome == "true") {
      if (auto concluded = projection::concluded_of(projection_, position)) about["outcome"] = std::move(*concluded);
    }
    records.push_back(std::move(about));
    next = entry.offset + 1;
  }
  json::object body{{"stream", event::to_string(*stream)}, {"records", std::move(records)}};
  if (next > *from && next < projection_.journal().end(*stream)) body["next_cursor"] = std::to_string(next);
  return found(body);
}

}  // namespace tamroi::query
