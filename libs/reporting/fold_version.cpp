#include "reporting/fold_version.h"

namespace tamroi::reporting {

const std::uint32_t fold_version = 1;

}  // namespace tamroi::reporting
