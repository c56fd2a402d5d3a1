#include "audit/damages.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tamroi::audit_tests {
namespace {

using support::Chance;
using Files = audit::PackFilesInMemory;

std::size_t below(Chance& chance, std::size_t bound) { return bound == 0 ? 0 : chance.below(static_cast<std::uint32_t>(bound)); }

const std::string& any_path(Chance& chance, const Files& files) { return std::next(files.begin(), static_cast<std::ptrdiff_t>(below(chance, files.size())))->first; }

std::string any_path(Chance& chance, const Files& files, std::string_view prefix) {
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : files) {
    if (path.starts_with(prefix)) paths.push_back(path);
  }
  return paths[below(chance, paths.size())];
}

// Drops, repeats or swaps parts of a file.
std::string among(Chance& chance, std::vector<std::string>& parts) {
  if (parts.empty()) return "nothing";
  const auto one = below(chance, parts.size());
  const auto other = below(chance, parts.size());
  switch (chance.below(3)) {
    case 0: parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(one)); return fmt::format("dropped {}", one);
    case 1: parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(other), std::string(parts[one])); return fmt::format("repeated {} at {}", one, other);
    default: std::swap(parts[one], parts[other]); return fmt::format("swapped {} and {}", one, other);
  }
}

std::string rearrange_records(Chance& chance, Files& files) {
  const auto path = any_path(chance, files, chance.one_in(2) ? "records/" : "outcomes/");
  std::vector<std::string> parts;
  std::string_view rest = files[path];
  while (const auto part = audit::take_framed(rest)) parts.emplace_back(*part);
  const auto how = among(chance, parts);
  files[path].clear();
  for (const auto& part : parts) audit::append_framed(files[path], part);
  return path + ": " + how;
}

std::string rearrange_entries(Chance& chance, Files& files) {
  const auto path = any_path(chance, files, "log/tile/entries/");
  std::vector<std::string> parts;
  std::string_view rest = files[path];
  while (const auto part = audit::take_from_bundle(rest)) parts.emplace_back(*part);
  const auto how = among(chance, parts);
  files[path].clear();
  for (const auto& part : parts) audit::append_to_bundle(files[path], part);
  return path + ": " + how;
}

std::string rearrange_hashes(Chance& chance, Files& files) {
  const auto path = any_path(chance, files, fmt::format("log/tile/{}/", chance.below(2)));
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < files[path].size(); at += audit::hash_bytes) parts.push_back(files[path].substr(at, audit::hash_bytes));
  const auto how = among(chance, parts);
  files[path].clear();
  for (const auto& part : parts) files[path] += part;
  return path + ": " + how;
}

std::string damage_bytes(Chance& chance, Files& files) {
  const auto path = any_path(chance, files);
  auto& bytes = files[path];
  const auto at = below(chance, bytes.size());
  switch (chance.below(4)) {
    case 0: bytes.resize(at); return fmt::format("{} cut at {}", path, at);
    case 1: bytes.insert(at, bytes.substr(at / 2, 1 + chance.below(100))); return fmt::format("{} longer at {}", path, at);
    case 2: bytes.erase(at, 1 + chance.below(100)); return fmt::format("{} shorter at {}", path, at);
    default: break;
  }
  if (bytes.empty()) return path + " as it was";
  const auto bit = chance.below(8);
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
  return fmt::format("{} bit {} of {}", path, bit, at);
}

std::string damage_files(Chance& chance, Files& files) {
  const auto one = any_path(chance, files);
  const auto other = any_path(chance, files);
  switch (chance.below(4)) {
    case 0: files.erase(one); return one + " dropped";
    case 1: std::swap(files[one], files[other]); return one + " and " + other + " swapped";
    case 2: files[one] = files[other]; return one + " is " + other;
    default: files[one + (chance.one_in(2) ? "x" : "/000")] = files[other]; return one + "x is there";
  }
}

std::string damage_checkpoint(Chance& chance, Files& files) {
  auto& bytes = files[std::string(audit::checkpoint_path)];
  auto checkpoint = audit::open_checkpoint(bytes, log_key().verifier())->checkpoint;
  switch (chance.below(5)) {
    case 0: bytes = signed_checkpoint(checkpoint, another_key()); return "signed by another key";
    case 1: checkpoint.size += 1 + chance.below(300); break;
    case 2: checkpoint.size -= 1 + below(chance, checkpoint.size); break;
    case 3: checkpoint.root[chance.below(32)] ^= static_cast<std::uint8_t>(1U << chance.below(8)); break;
    default: checkpoint.origin += "x"; break;
  }
  const auto note = audit::parse_note(bytes).value();
  // With the signature that was good for another, with another key's, or with the log's own.
  const auto text = audit::to_text(checkpoint);
  const std::array signatures{note.signatures, std::vector{another_key().sign(text)}, std::vector{log_key().sign(text)}};
  const auto which = chance.below(3);
  bytes = audit::to_string(audit::Note{text, signatures[which]});
  return fmt::format("checkpoint of {} at {} with signature {}", checkpoint.origin, checkpoint.size, which);
}

audit::Checkpoint checkpoint_of(const Files& files) { return audit::open_checkpoint(files.at("log/checkpoint"), log_key().verifier())->checkpoint; }

// The log goes back behind what the auditor saw, or another way.
std::string damage_history(Chance& chance, const Ledger& ledger, const Files& whole, Damaged& damaged) {
  auto other = ledger;
  switch (chance.below(3)) {
    case 0:
      damaged.since = {checkpoint_of(whole)};
      other.entries.resize(1 + below(chance, other.entries.size() - 1));
      damaged.files = pack_of(other, whole);
      return fmt::format("rolled back to {}", other.entries.size());
    case 1: {
      const auto at = below(chance, other.entries.size());
      damaged.since = {checkpoint_of(whole)};
      other.entries[at].leaf.recorded_at.micros += 1 + chance.below(1000);
      if (chance.one_in(2)) other.entries.push_back(other.entries.front());
      damaged.files = pack_of(other, whole);
      return fmt::format("forked at {}", at);
    }
    default: {
      const auto at = below(chance, other.entries.size());
      other.entries[at].leaf.offset += chance.below(3);
      other.entries[at].leaf.record_sha256[0] ^= 1;
      if (other.entries[at].leaf.stream.code > 24) other.entries[at].leaf.kind ^= 1;
      try {
        damaged.files = pack_of(other, whole, another_key());
      } catch (const std::runtime_error&) {
        damaged.files = pack_of(ledger, whole, another_key());
      }
      return fmt::format("written anew with another key, entry {} another", at);
    }
  }
}

}  // namespace

std::optional<Damaged> Damager::damaged(Chance& chance) const {
  Damaged damaged{pack_, {}, {}};
  auto& files = damaged.files;
  switch (chance.below(16)) {
    case 0: damaged.how = damage_history(chance, ledger_, pack_, damaged); break;
    case 1: case 2: damaged.how = damage_checkpoint(chance, files); break;
    case 3: case 4: damaged.how = damage_files(chance, files); break;
    case 5: case 6: damaged.how = rearrange_entries(chance, files); break;
    case 7: case 8: damaged.how = rearrange_hashes(chance, files); break;
    case 9: case 10: case 11: damaged.how = rearrange_records(chance, files); break;
    default: damaged.how = damage_bytes(chance, files); break;
  }
  if (files == pack_) return std::nullopt;
  if (chance.one_in(2)) {
    audit::mend_manifest(files);
    damaged.how += ", manifest mended";
    // The page proves nothing.
    auto but_page = files;
    but_page[std::string(audit::page_path)] = pack_.at(std::string(audit::page_path));
    audit::mend_manifest(but_page);
    if (but_page == pack_) return std::nullopt;
  }
  return damaged;
}

}  // namespace tamroi::audit_tests
