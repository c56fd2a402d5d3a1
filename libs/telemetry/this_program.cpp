#include "telemetry/this_program.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace tamroi::telemetry {
namespace {

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double all = 0;
  double resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double seconds_of(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

double entries_of(const char* folder) {
  std::error_code error;
  const std::filesystem::directory_iterator entries(folder, error);
  return error ? 0 : static_cast<double>(std::distance(begin(entries), end(entries)));
}

double files_max() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

double now_seconds() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

void tell_of_this_program(Metrics& metrics) {
  Gauge resident = metrics.gauge("process_resident_memory_bytes", "Memory in use.");
  Counter cpu = metrics.counter("process_cpu_seconds_total", "Time of the processor, the kernel's for it included.");
  Gauge open_files = metrics.gauge("process_open_fds", "Open files and sockets.");
  Gauge threads = metrics.gauge("process_threads", "Threads.");
  metrics.gauge("process_max_fds", "Files and sockets that may be open.").set(files_max());
  metrics.gauge("process_start_time_seconds", "When it started, in seconds since 1970.").set(now_seconds());
  metrics.on_expose([=]() mutable {
    resident.set(resident_bytes());
    cpu.reach(cpu_seconds());
    open_files.set(entries_of("/proc/self/fd"));
    threads.set(entries_of("/proc/self/task"));
  });
}

}  // namespace tamroi::telemetry
