#pragma once

#include <string>
#include <string_view>

#include "reporting/store.h"

namespace tamroi::readmodel {

// The row of one version of a fact, without what its key says.
[[nodiscard]] std::string encode(const reporting::FactVersion& version);
// Its texts point into the bytes.
[[nodiscard]] reporting::FactVersion decode_fact(std::string_view bytes);

}  // namespace tamroi::readmodel
