#include "cli/display.h"

#include <catch2/catch_test_macros.hpp>

using namespace tamroi::cli;
using Lines = std::vector<std::string>;

TEST_CASE("Thai vowels and tone marks above and below take no column") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("ที่นี่") == 2);       // two consonants, four marks
  CHECK(display_width("ครัวเรือน") == 7);  // nine code points, two of them above the line
  CHECK(display_width("น้ำ") == 2);       // sara am takes a column
  CHECK(display_width("ฉะเชิงเทรา") == 9);
  CHECK(display_width("เมืองฉะเชิงเทรา (24)") == 18);
  CHECK(display_width("") == 0);
}

TEST_CASE("wide characters take two columns, joiners none") {
  CHECK(display_width("泰国") == 4);
  CHECK(display_width("a\u200Bb\u0301") == 2);
  CHECK(display_width("→ ✓ ✗ …") == 7);
}

TEST_CASE("what a terminal would obey becomes a space, what is no UTF-8 a replacement") {
  CHECK(printable("a\x1b[31mz\tc\n") == "a [31mz c ");
  CHECK(printable("a\u202Eb") == "a b");
  CHECK(printable("z\xFF\xC0z") == "z\uFFFD\uFFFDz");
  CHECK(printable("ตามรอย") == "ตามรอย");
}

TEST_CASE("lines are broken at spaces") {
  CHECK(wrapped("one two three", 7) == Lines{"one two", "three"});
  CHECK(wrapped("one two three", 0) == Lines{"one two three"});
  CHECK(wrapped("one  two", 20) == Lines{"one two"});
  CHECK(wrapped("", 10) == Lines{""});
}

TEST_CASE("a word that is too long is broken, and never between a consonant and its mark") {
  CHECK(wrapped("abcdefgh", 3) == Lines{"abc", "def", "gh"});
  CHECK(wrapped("to abcdefgh", 4) == Lines{"to", "abcd", "efgh"});
  CHECK(wrapped("ที่นี่ที่", 2) == Lines{"ที่นี่", "ที่"});
  for (const auto& line : wrapped("ครัวเรือนเป้าหมายที่ตกหล่นทั้งหมดในจังหวัด", 5)) {
    CHECK(display_width(line) <= 5);
    CHECK(display_width(line.substr(0, 3)) == 1);  // begins with a consonant or a leading vowel, not with a mark
  }
}
