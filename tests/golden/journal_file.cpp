#include "golden/journal_file.h"

#include <map>

#include "base/bytes.h"
#include "base/check.h"
#include "reporting/system_records.h"

namespace tamroi::golden {
namespace {

constexpr std::string_view beginning = "tamroi golden journal 1\n";
constexpr std::int64_t second = 1'000'000;
enum class Form : std::uint8_t { Bytes = 0, Copy = 1, Again = 2 };

base::ByteWriter begin(event::Stream stream, Form form) {
  base::ByteWriter out;
  out.u16(stream.code).u8(static_cast<std::uint8_t>(form));
  return out;
}

base::Instant instant(std::uint64_t micros) { return {static_cast<std::int64_t>(micros)}; }
std::uint64_t micros(base::Instant at) { return static_cast<std::uint64_t>(at.micros); }

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}

  std::vector<Line> read() {
    while (!in_.at_end()) line();
    return std::move(lines_);
  }

 private:
  void add(event::Stream stream, std::string bytes) {
    by_offset_[stream].push_back(lines_.size());
    lines_.push_back({stream, std::move(bytes)});
  }

  event::Record earlier(event::Stream stream, event::Offset offset) {
    const auto record = event::decode_record(lines_.at(by_offset_[stream].at(offset)).bytes);
    CHECK(record.has_value());
    return *record;
  }

  void line() {
    const event::Stream stream{in_.u16()};
    const auto form = static_cast<Form>(in_.u8());
    if (form == Form::Bytes) return add(stream, std::string(in_.text()));
    const auto offset = in_.u64();
    const auto number = in_.u64();
    const auto at = instant(in_.u64());
    if (form == Form::Copy) {
      return add(stream, event::encode(reporting::copy_control(earlier(event::control_stream, offset), {number, offset, {}}, at)));
    }
    CHECK(form == Form::Again);
    auto record = earlier(stream, offset);
    record.received_at = at;
    for (std::uint64_t time = 0; time < number; ++time, record.received_at.micros += second) add(stream, event::encode(record));
  }

  base::ByteReader in_;
  std::vector<Line> lines_;
  std::map<event::Stream, std::vector<std::size_t>> by_offset_;
};

}  // namespace

JournalFile::JournalFile() : bytes_(beginning) {}

void JournalFile::record(event::Stream stream, std::string_view bytes) { bytes_ += begin(stream, Form::Bytes).text(bytes).take(); }

void JournalFile::copy(event::Stream stream, const reporting::NumberedControl& control, base::Instant at) {
  bytes_ += begin(stream, Form::Copy).u64(control.offset).u64(control.number).u64(micros(at)).take();
}

void JournalFile::again(event::Stream stream, event::Offset offset, std::uint32_t times, base::Instant first_at) {
  bytes_ += begin(stream, Form::Again).u64(offset).u64(times).u64(micros(first_at)).take();
}

std::vector<Line> read_journal_file(std::string_view bytes) {
  CHECK(bytes.starts_with(beginning));
  return Reader(bytes.substr(beginning.size())).read();
}

}  // namespace tamroi::golden
