#pragma once

#include <cstdint>

namespace tamroi::reporting {

// What the code that concludes is numbered with: any change of an outcome's bytes needs the next number.
extern const std::uint32_t fold_version;

// The version that counts in a journal until a control says another.
inline constexpr std::uint32_t first_fold_version = 1;

}  // namespace tamroi::reporting
