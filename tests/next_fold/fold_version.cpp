#include "reporting/fold_version.h"

namespace tamroi::reporting {

const std::uint32_t fold_version = 2;

}  // namespace tamroi::reporting
