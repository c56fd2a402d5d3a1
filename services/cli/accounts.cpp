#include "cli/accounts.h"

#include <expected>

#include <fmt/format.h>

#include "base/sha256.h"
#include "cli/reading.h"
#include "cli/refusals.h"
#include "cli/secrets.h"
#include "cli/table.h"

namespace tamroi::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view accounts_route = "/v1/accounts";
constexpr auto page_rows = "1000";
constexpr std::string_view never = "never";

// A control about an account, with what became of it.
class AccountControl {
 public:
  AccountControl(std::string_view type, const AccountWish& wish, std::string_view usual_reason)
      : body_{{"id", new_id()},
              {"type", type},
              {"account", wish.account},
              {"reason", wish.reason.empty() ? usual_reason : std::string_view(wish.reason)}} {}

  void set(std::string_view member, std::string_view value) { body_[member] = value; }

  // False where it was not accepted; that is said then. `again` is what to do where nobody knows.
  bool send(Client& client, const Screen& screen, const Pause& pause, std::string_view again) {
    const auto text = json::serialize(body_);
    try {
      const auto reply = Patience(client, pause).send(controls_route, {text, 1});
      const auto fate = fate_of(reply);
      outcome_ = parse_object(reply.body).value_or(json::object());
      if (fate == Fate::Accepted) return true;
      if (fate != Fate::Pending) {
        (void)tell_refusal(reply, screen);
        return false;
      }
      if (screen.json) print_body(reply.body, screen);
    } catch (const ServerUnreachable&) {
      screen.errors << paragraph(screen.errors_look, 0, again);
      throw;
    }
    screen.errors << paragraph(screen.errors_look, 0, again);
    return false;
  }

  // What the route returned, and with it a token that it cannot know.
  void print(const Screen& screen, const std::string& token) {
    for (const auto* member : {"account", "role", "unit"}) {
      if (const auto* value = body_.if_contains(member)) outcome_[member] = *value;
    }
    if (!token.empty()) outcome_["token"] = token;
    print_body(json::serialize(outcome_), screen);
  }

 private:
  json::object body_;
  json::object outcome_;
};

// All accounts, by name; or the refusal.
std::expected<json::array, Reply> read_accounts(Client& client) {
  json::array all;
  std::string cursor;
  do {
    const auto reply = client.get(std::string(accounts_route) + query_of({{"limit", page_rows}, {"cursor", cursor}}));
    const auto page = parse_object(reply.body);
    if (reply.status != 200 || !page) return std::unexpected(reply);
    for (const auto& account : array_at(*page, "accounts")) all.push_back(account);
    cursor = text_at(*page, "next_cursor");
  } while (!cursor.empty());
  return all;
}

std::string granted_text(const AccountWish& wish) {
  auto text = fmt::format("{} is {} of {} from now on", wish.account, wish.role, wish.unit);
  if (!wish.expires.empty()) text += fmt::format(", until the end of {}", wish.expires);
  return text + '.';
}

Exit grant(Client& client, const AccountWish& wish, const Screen& screen, const Pause& pause,
           std::string_view usual_reason) {
  const auto token = new_token();
  AccountControl control("account_granted", wish, usual_reason);
  control.set("role", wish.role);
  control.set("unit", wish.unit);
  control.set("token_sha256", base::to_hex(base::sha256(token)));
  if (!wish.expires.empty()) control.set("expires_on", wish.expires);
  if (!control.send(client, screen, pause, "Whether it was granted is not known. Do it again: that replaces it.")) {
    return Exit::Refused;
  }
  if (screen.json) {
    control.print(screen, token);
    return Exit::Done;
  }
  screen.output << paragraph(screen.look, 0, granted_text(wish));
  screen.output << paragraph(screen.look, 0, "Its token, which is shown this once:") << '\n';
  screen.output << "  " << paint(screen.look, Tone::Strong, token) << "\n\n";
  screen.output << paragraph(screen.look, 0,
                             fmt::format("Whoever has the token is {0}. The server knows only its hash; a lost one "
                                         "is replaced with: tamroi account rotate {0}",
                                         wish.account));
  return Exit::Done;
}

}  // namespace

Exit grant_account(Client& client, const AccountWish& wish, const Screen& screen, const Pause& pause) {
  auto whole = wish;
  if (whole.expires == never) whole.expires.clear();
  return grant(client, whole, screen, pause, "The account is granted");
}

Exit revoke_account(Client& client, const AccountWish& wish, const Screen& screen, const Pause& pause) {
  AccountControl control("account_revoked", wish, "The account is revoked");
  if (!control.send(client, screen, pause, "Whether it was revoked is not known: see tamroi account list.")) {
    return Exit::Refused;
  }
  if (screen.json) {
    control.print(screen, "");
  } else {
    screen.output << paragraph(screen.look, 0,
                               fmt::format("{} is revoked: its token is no longer in force.", wish.account));
  }
  return Exit::Done;
}

Exit rotate_account(Client& client, const AccountWish& wish, const Screen& screen, const Pause& pause) {
  const auto accounts = read_accounts(client);
  if (!accounts) return tell_refusal(accounts.error(), screen);
  for (const auto& value : *accounts) {
    const auto& account = as_object(value);
    if (text_at(account, "account") != wish.account) continue;
    if (!object_at(account, "revoked").empty()) {
      screen.errors << paragraph(screen.errors_look, 0, fmt::format("{} was revoked; grant it again.", wish.account));
      return Exit::Refused;
    }
    auto whole = wish;
    whole.role = text_at(account, "role");
    whole.unit = text_at(account, "unit");
    if (whole.expires.empty()) whole.expires = text_at(account, "expires_on");
    if (whole.expires == never) whole.expires.clear();
    return grant(client, whole, screen, pause, "The token is replaced");
  }
  screen.errors << paragraph(screen.errors_look, 0, fmt::format("There is no account {}.", wish.account));
  return Exit::Refused;
}

Exit list_accounts(Client& client, const Screen& screen) {
  const auto accounts = read_accounts(client);
  if (!accounts) return tell_refusal(accounts.error(), screen);
  if (screen.json) {
    print_body(json::serialize(json::object{{"accounts", *accounts}}), screen);
    return Exit::Done;
  }
  Table table({{"account"}, {"role"}, {"unit"}, {"last day"}, {"granted"}, {"revoked"}});
  for (const auto& value : *accounts) {
    const auto& account = as_object(value);
    const auto revoked = position_text(object_at(account, "revoked"));
    const auto tone = revoked.empty() ? Tone::Plain : Tone::Faint;
    table.add({{text_at(account, "account"), tone},
               {text_at(account, "role"), tone},
               {text_at(account, "unit"), tone},
               {text_at(account, "expires_on"), tone},
               {position_text(object_at(account, "granted")), tone},
               {revoked, tone}});
  }
  screen.output << table.shown(screen.look);
  return Exit::Done;
}

}  // namespace tamroi::cli
