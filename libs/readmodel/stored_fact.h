#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "reporting/store.h"

namespace tamroi::readmodel {

// The row of a version of a fact, without the id, which is in its key; and how many versions there were before it.
struct StoredFact {
  reporting::FactVersion version;  // its texts point into the row
  std::uint32_t earlier = 0;
};
void encode(base::ByteWriter& out, const reporting::FactVersion& version, std::uint32_t earlier);
[[nodiscard]] std::string encode(const reporting::FactVersion& version, std::uint32_t earlier);
[[nodiscard]] StoredFact decode_fact(const base::Uuid& id, std::string_view row);

}  // namespace tamroi::readmodel
