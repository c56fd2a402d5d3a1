#pragma once

#include "telemetry/metrics.h"

namespace tamroi::telemetry {

// Adds what Prometheus' own clients tell of a program, under the names that every dashboard knows: memory, time of the
// processor, open files, threads, when it started.
void tell_of_this_program(Metrics& metrics);

}  // namespace tamroi::telemetry
