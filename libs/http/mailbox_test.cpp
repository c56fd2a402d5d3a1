#include "http/mailbox.h"

#include <catch2/catch_test_macros.hpp>

namespace tamroi::http {
namespace {

Response saying(std::string body) {
  return {.status = 200, .content_type = "", .body = std::move(body), .headers = {}};
}

TEST_CASE("the first answer stands and wakes the session once") {
  int woken = 0;
  Mailbox mailbox([&] { ++woken; }, 10);
  CHECK_FALSE(mailbox.has_mail());
  mailbox.put_answer(saying("first"));
  mailbox.put_answer(saying("second"));
  CHECK(woken == 1);
  CHECK(mailbox.take().answer->body == "first");
  CHECK_FALSE(mailbox.has_mail());
}

TEST_CASE("a closed mailbox wakes nobody and takes no parts") {
  int woken = 0;
  Mailbox mailbox([&] { ++woken; }, 10);
  mailbox.open_stream(saying(""));
  mailbox.close();
  CHECK_FALSE(mailbox.append("a"));
  mailbox.end_stream();
  CHECK(woken == 1);
}

TEST_CASE("parts of a stream gather until they are taken, and above the bound the stream ends without a hole") {
  Mailbox mailbox([] {}, 4);
  mailbox.open_stream(saying(""));
  CHECK(mailbox.append("ab"));
  CHECK(mailbox.append("cd"));
  CHECK_FALSE(mailbox.append("e"));
  CHECK_FALSE(mailbox.append(""));
  const Mailbox::Mail mail = mailbox.take();
  CHECK(mail.bytes == "abcd");
  CHECK(mail.ended);
  CHECK_FALSE(mailbox.has_mail());
}

}  // namespace
}  // namespace tamroi::http
