#include <exception>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include <CLI/CLI.hpp>

#include "verify/program/commands.h"

namespace {

using tamroi::verify::Wish;

constexpr int refused = 1;
constexpr int misused = 2;
constexpr int unreadable = 3;

struct Chosen {
  Wish wish;
  bool (*verify)(const Wish&, std::ostream&) = nullptr;
};

CLI::App& add(CLI::App& app, Chosen& chosen, const std::string& name, const std::string& does, bool (*verify)(const Wish&, std::ostream&)) {
  auto& command = *app.add_subcommand(name, does);
  command.callback([&chosen, verify] { chosen.verify = verify; });
  auto* key = command.add_option("--key", chosen.wish.key, "the log's public key (NAME+ID+KEY), or a file that begins with it");
  auto* policy = command.add_option("--policy", chosen.wish.policy, "a file with the keys of the log and of its witnesses, and how many are needed");
  key->excludes(policy);
  return command;
}

}  // namespace

int main(int count, char** arguments) {
  Chosen chosen;
  auto& wish = chosen.wish;
  CLI::App app{"Checks what a Tamroi server gave out, without that server. Says \"verified\" (exit 0), or \"refused\" and where it\n"
               "differs first (exit 1); 2 for wrong usage, 3 where something cannot be read.", "tamroi-verify"};
  app.set_version_flag("--version", "tamroi-verify " TAMROI_VERSION);
  app.require_subcommand(1);
  auto& pack = add(app, chosen, "pack", "an audit pack: nothing missing, nothing changed, every outcome follows", tamroi::verify::verify_pack);
  pack.add_option("FOLDER", wish.place, "as tamroi export wrote it")->required();
  pack.add_option("--since", wish.since, "an earlier checkpoint that was kept, which the log must continue; may be repeated");
  pack.add_flag_callback("--no-replay", [&] { wish.replay = false; }, "hashes and signatures only");
  auto& receipt = add(app, chosen, "receipt", "the receipt of a submission", tamroi::verify::verify_receipt);
  receipt.add_option("FILE", wish.place)->required();
  auto& checkpoint = add(app, chosen, "checkpoint", "a checkpoint's signatures, and those of witnesses", tamroi::verify::verify_checkpoint);
  checkpoint.add_option("FILE", wish.place)->required();
  auto& log = add(app, chosen, "log", "a whole log: that its entries give every tile and the root", tamroi::verify::verify_log);
  log.add_option("PLACE", wish.place, "its folder, or its address, such as http://127.0.0.1:8080/v1/log")->required();
  log.add_option("--since", wish.since, "an earlier checkpoint that was kept, which the log must continue; may be repeated");
  auto& consistency = add(app, chosen, "consistency", "that a checkpoint continues an earlier one", tamroi::verify::verify_consistency);
  consistency.add_option("OLD", wish.place, "a file")->required();
  consistency.add_option("NEW", wish.other, "a file")->required();
  auto* proof = consistency.add_option("--proof", wish.proof, "a file: a line \"old SIZE\", then a line a hash");
  consistency.add_option("--log", wish.source, "the log's folder or address, to read its tiles")->excludes(proof);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : misused;
  }
  try {
    return chosen.verify(wish, std::cout) ? 0 : refused;
  } catch (const std::invalid_argument& error) {
    std::cerr << error.what() << '\n';
    return misused;
  } catch (const std::system_error& error) {
    std::cerr << error.what() << '\n';
    return unreadable;
  }
}
