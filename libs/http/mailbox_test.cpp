#include "http/mailbox.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

Response saying(std::string body) {
  return {.status = 200, .content_type = "", .body = std::move(body), .headers = {}};
}

SharedBytes bytes(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

std::string joined(const Mailbox::Mail& mail) {
  std::string all;
  for (const auto& part : mail.parts) all += *part;
  return all;
}

TEST_CASE("the first answer stands and wakes the session once") {
  int woken = 0;
  Mailbox mailbox([&](Mailbox::Mails) { ++woken; }, 10);
  CHECK_FALSE(mailbox.has_mail());
  mailbox.put_answer(saying("first"));
  mailbox.put_answer(saying("second"));
  CHECK(woken == 1);
  CHECK(mailbox.take().answer->body == "first");
  CHECK_FALSE(mailbox.has_mail());
}

TEST_CASE("a closed mailbox wakes nobody and takes no parts") {
  int woken = 0;
  Mailbox mailbox([&](Mailbox::Mails) { ++woken; }, 10);
  mailbox.open_stream(saying(""));
  mailbox.close();
  CHECK_FALSE(mailbox.append(bytes("a")));
  mailbox.end_stream();
  CHECK(woken == 1);
}

TEST_CASE("parts of a stream gather until they are taken, and above the bound the stream ends without a hole") {
  Mailbox mailbox([](Mailbox::Mails) {}, 4);
  mailbox.open_stream(saying(""));
  CHECK(mailbox.append(bytes("ab")));
  CHECK(mailbox.append(bytes("cd")));
  CHECK_FALSE(mailbox.append(bytes("e")));
  CHECK_FALSE(mailbox.append(bytes("")));
  const Mailbox::Mail mail = mailbox.take();
  CHECK(joined(mail) == "abcd");
  CHECK(mail.ended);
  CHECK_FALSE(mailbox.has_mail());
}

TEST_CASE("parts wake the session once until it has taken them") {
  int woken = 0;
  Mailbox mailbox([&](Mailbox::Mails) { ++woken; }, 10);
  mailbox.open_stream(saying(""));
  CHECK(mailbox.append(bytes("a")));
  CHECK(mailbox.append(bytes("b")));
  CHECK(woken == 2);
  CHECK(mailbox.waiting_bytes() == 2);
  CHECK(joined(mailbox.take()) == "ab");
  CHECK(mailbox.waiting_bytes() == 0);
  CHECK(mailbox.append(bytes("c")));
  CHECK(woken == 3);
}

TEST_CASE("the end of a stream wakes the session behind parts that were not taken") {
  int woken = 0;
  Mailbox mailbox([&](Mailbox::Mails) { ++woken; }, 1);
  mailbox.open_stream(saying(""));
  CHECK(mailbox.append(bytes("a")));
  CHECK_FALSE(mailbox.append(bytes("b")));
  mailbox.end_stream();
  CHECK(woken == 3);
  CHECK(mailbox.take().ended);
}

}  // namespace
}  // namespace tamroi::http
