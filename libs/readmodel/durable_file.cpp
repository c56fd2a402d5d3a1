#include "readmodel/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "readmodel/read_model.h"

namespace tamroi::readmodel {
namespace {

void require(bool done, const std::filesystem::path& path) {
  if (!done) throw ReadModelUnavailable(std::error_code(errno, std::generic_category()), "writing " + path.string());
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) { require(number_ >= 0, path); }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  const int number_;
};

}  // namespace

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_durably(const std::filesystem::path& path, std::string_view bytes) {
  const auto unfinished = std::filesystem::path(path).concat(".new");
  {
    const Descriptor file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
    for (auto rest = bytes; !rest.empty();) {
      const auto written = ::write(file.number(), rest.data(), rest.size());
      require(written > 0, unfinished);
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    require(::fsync(file.number()) == 0, unfinished);
  }
  require(::rename(unfinished.c_str(), path.c_str()) == 0, path);
  const Descriptor folder(path.parent_path(), O_RDONLY | O_DIRECTORY);
  require(::fsync(folder.number()) == 0, path);
}

}  // namespace tamroi::readmodel
