#include "reporting/current_results.h"

#include "base/bytes.h"

namespace tamroi::reporting {

std::string CurrentResults::key(std::string_view round, std::string_view unit, std::uint32_t indicator) {
  return base::ByteWriter().raw(round).u8(0).raw(unit).u8(0).u32(indicator).take();
}

void CurrentResults::put(const event::HistoryRow& row, std::string_view bytes) {
  rows_[key(row.round, row.unit, row.indicator)].assign(bytes);
}

base::Digest CurrentResults::digest() const {
  base::ByteWriter all;
  for (const auto& [key, row] : rows_) {
    all.u32(static_cast<std::uint32_t>(key.size())).raw(key).u32(static_cast<std::uint32_t>(row.size())).raw(row);
  }
  return base::sha256(all.bytes());
}

}  // namespace tamroi::reporting
