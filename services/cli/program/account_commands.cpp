#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "base/time.h"
#include "cli/program/command_line.h"

namespace tamroi::cli {
namespace {

constexpr auto group = "Accounts, for operators";
constexpr std::string_view never = "never";
// The roles that belong to the ministry alone (contract.md).
constexpr std::array<std::string_view, 3> central_roles{"ministry_officer", "auditor", "operator"};

void pause(std::chrono::seconds time) { std::this_thread::sleep_for(time); }

AccountWish wish_of(const Options& said) {
  auto wish = said.account;
  if (!wish.expires.empty() && wish.expires != never && !base::parse_date(wish.expires)) {
    throw Misused("'" + wish.expires + "' is no day; write it like 2022-09-30.");
  }
  return wish;
}

void add_account(CLI::App& command, Options& options) {
  command.add_option("ACCOUNT", options.account.account, "a name of A-Z, a-z, 0-9, dot, underscore and hyphen")
      ->required();
  command.add_option("--reason", options.account.reason, "why; it stays in the record")->type_name("TEXT");
}

void add_expires(CLI::App& command, Options& options, const std::string& otherwise) {
  command.add_option("--expires", options.account.expires, "its last day (2022-09-30), or never")
      ->type_name("DATE")
      ->default_str(otherwise);
}

void add_grant(CommandLine& line) {
  auto& options = line.options();
  auto& grant =
      line.add(group, "account grant",
               {.does = "give an account a role of a unit, and a new token",
                .more = "The token is made here and shown once; the server learns its hash only. Granting "
                        "again replaces what was granted. It holds at once.",
                .examples = {"tamroi account grant somchai --role district_officer --unit 2401",
                             "tamroi account grant audit-2565 --role auditor --expires 2022-12-31"}},
               [](const Options& said, const Screen& screen) {
                 auto wish = wish_of(said);
                 if (wish.unit.empty() && std::ranges::find(central_roles, wish.role) != central_roles.end()) {
                   wish.unit = "TH";
                 }
                 if (wish.unit.empty()) throw Misused("--unit is required with that role.");
                 Client client(settings_of(said));
                 return grant_account(client, wish, screen, pause);
               });
  add_account(grant, options);
  auto* role = grant.add_option("--role", options.account.role, "its role")->required()->type_name("ROLE");
  line.choose(role, {"district_officer", "province_officer", "ministry_officer", "auditor", "operator"});
  grant.add_option("--unit", options.account.unit, "of which district or province; TH for the other roles")
      ->type_name("UNIT");
  add_expires(grant, options, "never");
}

void add_revoke(CommandLine& line) {
  auto& revoke = line.add(group, "account revoke",
                          {.does = "take an account's role away",
                           .more = "Its token is refused from then on.",
                           .examples = {"tamroi account revoke somchai --reason 'Moved to another district'"}},
                          [](const Options& said, const Screen& screen) {
                            Client client(settings_of(said));
                            return revoke_account(client, said.account, screen, pause);
                          });
  add_account(revoke, line.options());
}

void add_rotate(CommandLine& line) {
  auto& rotate = line.add(group, "account rotate",
                          {.does = "replace an account's token by a new one",
                           .more = "Role and unit stay; the old token is refused from then on.",
                           .examples = {"tamroi account rotate somchai"}},
                          [](const Options& said, const Screen& screen) {
                            const auto wish = wish_of(said);
                            Client client(settings_of(said));
                            return rotate_account(client, wish, screen, pause);
                          });
  add_account(rotate, line.options());
  add_expires(rotate, line.options(), "as before");
}

}  // namespace

void add_account_commands(CommandLine& line) {
  add_grant(line);
  add_revoke(line);
  add_rotate(line);
  line.add(group, "account list",
           {.does = "show every account and what it may be", .examples = {"tamroi account list"}},
           [](const Options& said, const Screen& screen) {
             Client client(settings_of(said));
             return list_accounts(client, screen);
           });
}

}  // namespace tamroi::cli
