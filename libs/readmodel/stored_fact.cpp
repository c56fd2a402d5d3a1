#include "readmodel/stored_fact.h"

namespace tamroi::readmodel {

void encode(base::ByteWriter& out, const reporting::FactVersion& version, std::uint32_t earlier) {
  out.number(earlier).number(version.number).u8(static_cast<std::uint8_t>((version.live ? 1 : 0) | (version.late ? 2 : 0)));
  out.text(version.type).text(version.unit).signed_number(version.occurred_on.days);
  out.number(version.recorded.offset).number(version.recorded.entry).number(version.written).text(version.values);
}

std::string encode(const reporting::FactVersion& version, std::uint32_t earlier) {
  base::ByteWriter out;
  encode(out, version, earlier);
  return out.take();
}

StoredFact decode_fact(const base::Uuid& id, std::string_view row) {
  base::ByteReader in(row);
  StoredFact stored;
  auto& version = stored.version;
  version.id = id;
  stored.earlier = static_cast<std::uint32_t>(in.number());
  version.number = in.number();
  const auto flags = in.u8();
  version.live = (flags & 1) != 0;
  version.late = (flags & 2) != 0;
  version.type = in.text();
  version.unit = in.text();
  version.occurred_on = {static_cast<std::int32_t>(in.signed_number())};
  version.recorded.offset = in.number();
  version.recorded.entry = static_cast<std::uint32_t>(in.number());
  version.written = in.number();
  version.values = in.text();
  in.end();
  return stored;
}

}  // namespace tamroi::readmodel
