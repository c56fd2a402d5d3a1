#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <utility>

#include "base/check.h"
#include "event/record.h"
#include "event/record.pb.h"

namespace tamroi::event {

std::string encode(const Record& record) {
  v1::Record message;
  message.set_format(record_format);
  message.set_kind(static_cast<v1::Kind>(record.kind));
  message.set_id(record.id.bytes.data(), record.id.bytes.size());
  message.set_received_at(record.received_at.micros);
  v1::Actor& actor = *message.mutable_actor();
  actor.set_account(record.actor.account);
  actor.set_role(record.actor.role);
  actor.set_unit(record.actor.unit);
  message.set_body(record.body);
  message.set_number(record.number);
  message.set_control_offset(record.control_offset);
  std::string bytes;
  CHECK(message.SerializeToString(&bytes));
  return bytes;
}

std::expected<Record, std::string> decode_record(std::string_view bytes) {
  v1::Record message;
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::unexpected("The bytes are no protobuf message of a record.");
  }
  if (message.format() != record_format) {
    return std::unexpected(fmt::format("The record's format is {}, not {}.", message.format(), record_format));
  }
  const int kind = message.kind();
  if (kind < v1::KIND_SUBMISSION || kind > v1::KIND_REVIEW) {
    return std::unexpected(fmt::format("The record's kind {} is unknown.", kind));
  }
  Record record;
  if (message.id().size() != record.id.bytes.size()) {
    return std::unexpected(fmt::format("The record's id has {} bytes, not 16.", message.id().size()));
  }
  if (kind == v1::KIND_CONTROL_COPY && message.number() == 0) {
    return std::unexpected("The control copy has no number.");
  }
  record.kind = static_cast<Kind>(kind);
  std::memcpy(record.id.bytes.data(), message.id().data(), record.id.bytes.size());
  record.received_at.micros = message.received_at();
  if (message.has_actor()) {
    v1::Actor& actor = *message.mutable_actor();
    record.actor = {std::move(*actor.mutable_account()), std::move(*actor.mutable_role()),
                    std::move(*actor.mutable_unit())};
  }
  record.body = std::move(*message.mutable_body());
  record.number = message.number();
  record.control_offset = message.control_offset();
  return record;
}

}  // namespace tamroi::event
