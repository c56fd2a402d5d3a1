#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace tamroi::verify {

// What is asked of tamroi-verify.
struct Wish {
  std::string key;                 // the log's public key, or the file that holds it
  std::string policy;              // a file; instead of the key
  std::vector<std::string> since;  // files of earlier checkpoints
  bool replay = true;
  std::string place;     // a pack's folder, a receipt, a checkpoint; a log's folder or address
  std::string other;     // the newer checkpoint
  std::string proof;     // a file, or empty
  std::string source;    // a log's folder or address, or empty
};

// Whether what they look at is verified; says so, or where it differs first.
//
// Errors: throw std::system_error where something cannot be read, std::invalid_argument where a key or policy is none.
[[nodiscard]] bool verify_pack(const Wish& wish, std::ostream& out);
[[nodiscard]] bool verify_receipt(const Wish& wish, std::ostream& out);
[[nodiscard]] bool verify_checkpoint(const Wish& wish, std::ostream& out);
[[nodiscard]] bool verify_log(const Wish& wish, std::ostream& out);
[[nodiscard]] bool verify_consistency(const Wish& wish, std::ostream& out);

}  // namespace tamroi::verify
