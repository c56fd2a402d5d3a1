#include "audit/running_digest.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace tamroi::audit {

struct RunningDigest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() { CHECK(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

RunningDigest::RunningDigest() : state_(std::make_unique<State>()) {}
RunningDigest::~RunningDigest() = default;
RunningDigest::RunningDigest(RunningDigest&&) noexcept = default;

void RunningDigest::add(std::string_view bytes) { CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1); }

base::Digest RunningDigest::finish() {
  base::Digest digest;
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), &size) == 1 && size == digest.size());
  return digest;
}

}  // namespace tamroi::audit
