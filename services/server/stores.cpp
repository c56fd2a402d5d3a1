#include "server/stores.h"

namespace tamroi::server {

readmodel::ReadModelOptions read_model_options(const memory::Budget& budget) { return {.cache = budget.cache(), .buffers = budget.buffers()}; }

}  // namespace tamroi::server
