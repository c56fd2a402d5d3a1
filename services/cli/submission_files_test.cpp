#include "cli/submission_files.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "cli/misused.h"
#include "support/temporary_directory.h"

using namespace tamroi::cli;

namespace {

class Folder {
 public:
  std::string file(const std::string& name, std::string_view text) const {
    auto path = directory_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }
  [[nodiscard]] const std::string& path() const { return directory_.path(); }

 private:
  tamroi::support::TemporaryDirectory directory_;
};

std::vector<FoundSubmission> all(std::vector<std::string> names) {
  SubmissionFiles files(std::move(names));
  std::vector<FoundSubmission> found;
  while (auto one = files.next()) found.push_back(std::move(*one));
  CHECK(files.bytes_read() == files.bytes_total());
  return found;
}

std::string misuse(std::vector<std::string> names) {
  try {
    const SubmissionFiles files(std::move(names));
  } catch (const Misused& misused) {
    return misused.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a file with one document is one submission, as it was written") {
  const Folder folder;
  const std::string document = "{\n \"id\": \"one\"\n}\n";
  const auto found = all({folder.file("one.json", document), folder.file("two.json", "\n {\"id\":\n2}")});
  REQUIRE(found.size() == 2);
  CHECK(found[0].body == document);
  CHECK((found[0].line == 1 && !found[0].on_one_line));
  CHECK(found[1].body == " {\"id\":\n2}");
  CHECK(found[1].place() == folder.path() + "/two.json:2");
}

TEST_CASE("lines of documents are one submission each, with the line that they stand on") {
  const Folder folder;
  const std::string_view text = "{\"id\":\"a\"}\r\n\n  \n{\"id\":\"b\"}\n{\"id\":";
  for (const auto* name : {"many.ndjson", "many.jsonl", "many"}) {
    const auto found = all({folder.file(name, text)});
    REQUIRE(found.size() == 3);
    CHECK(found[0].body == "{\"id\":\"a\"}");
    CHECK(found[1].line == 4);
    CHECK(found[1].body == "{\"id\":\"b\"}");
    CHECK(found[2].line == 5);
    for (const auto& one : found) CHECK(one.on_one_line);
  }
}

TEST_CASE("one line, a broken document and a mark before the first are told apart") {
  const Folder folder;
  CHECK(all({folder.file("x.ndjson", "{\"id\":\"a\"}")}).at(0).on_one_line);
  CHECK(all({folder.file("x.json", "{\"id\":\"a\"}\n")}).at(0).body == "{\"id\":\"a\"}");
  const auto broken = all({folder.file("y.json", "{\n \"id\": }\n")});
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].body == "{\n \"id\": }\n");
  CHECK(all({folder.file("z.ndjson", "{\n{}\n")}).size() == 2);
  CHECK(all({folder.file("b.json", "\xEF\xBB\xBF{}")}).at(0).body == "{}");
}

TEST_CASE("what is too long for the server is not kept, and what follows is found") {
  const Folder folder;
  const std::string big = "{\"id\":\"" + std::string(SubmissionFiles::submission_bytes_max, 'x') + "\"}";
  const auto lines = all({folder.file("a.ndjson", "{}\n" + big + "\n{}\n")});
  REQUIRE(lines.size() == 3);
  CHECK((lines[1].too_long && lines[1].body.empty() && lines[1].line == 2));
  CHECK((!lines[2].too_long && lines[2].line == 3));
  SubmissionFiles files({folder.file("b.json", "{\n" + big), folder.file("c.json", "{}")});
  CHECK(files.next()->too_long);
  CHECK(files.next()->body == "{}");
  CHECK(!files.next());
}

TEST_CASE("what is no file, or holds nothing, is found before anything is given") {
  const Folder folder;
  const auto good = folder.file("good.json", "{}");
  CHECK(misuse({good, "/nowhere.json"}).starts_with("/nowhere.json cannot be read: "));
  CHECK(misuse({good, folder.path()}).ends_with(" is a folder; name its files."));
  CHECK(misuse({good, folder.file("empty.json", " \n\n")})
            .ends_with("empty.json holds no submission; nothing was sent."));
  CHECK(misuse({good}) == "none");
}

TEST_CASE("a pipe is read once, and has no size") {
  const Folder folder;
  const auto name = folder.path() + "/pipe";
  REQUIRE(mkfifo(name.c_str(), 0600) == 0);
  SubmissionFiles files({folder.file("a.json", "{}"), name});
  CHECK(!files.bytes_total());
  const auto child = fork();
  if (child == 0) {
    std::ofstream(name) << "{\"id\":1}\n{\"id\":2}\n";
    _exit(0);
  }
  std::size_t count = 0;
  while (files.next()) ++count;
  CHECK(count == 3);
  waitpid(child, nullptr, 0);
}
