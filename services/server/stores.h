#pragma once

#include "memory/budget.h"
#include "readmodel/read_model.h"

namespace tamroi::server {

// A read model lives on the same budget of memory as the journal.
[[nodiscard]] readmodel::ReadModelOptions read_model_options(const memory::Budget& budget);

}  // namespace tamroi::server
