"""Each rule fails on a small tree that breaks it, and on nothing else."""
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

import layers
import letter
import names
import origins
import readme
import sizes

TREE = {
    "libs/CMakeLists.txt": "foreach(library base scoring journal projection)\nendforeach()\n",
    "libs/base/CMakeLists.txt": "tamroi_library(base KIND PURE)\n",
    "libs/base/ratio.h": "#pragma once\n\nstruct Ratio {};\n",
    "libs/base/ratio.cpp": '#include "base/ratio.h"\n',
    "libs/scoring/CMakeLists.txt": "tamroi_library(scoring KIND PURE DEPENDS base)\n",
    "libs/scoring/ladder.h": '#pragma once\n\n#include "base/ratio.h"\n\nint climb();\n',
    "libs/journal/CMakeLists.txt": "tamroi_library(journal KIND IO DEPENDS base USES RocksDB::rocksdb)\n",
    "libs/journal/journal.h": "#pragma once\n",
    "libs/projection/CMakeLists.txt": "tamroi_library(projection KIND JOIN DEPENDS scoring journal)\n",
    "libs/projection/projection.h": '#pragma once\n\n#include "base/ratio.h"\n#include "journal/journal.h"\n',
    "services/query/CMakeLists.txt": "tamroi_library(query KIND ROLE DEPENDS projection)\n",
    "services/query/query.h": "#pragma once\n",
    "services/steward/CMakeLists.txt": "tamroi_library(steward KIND ROLE DEPENDS projection)\n",
    "services/steward/steward.h": "#pragma once\n",
    "README.md": "| `libs/base` | x |\n| `libs/scoring` | x |\n| `libs/journal` | x |\n| `libs/projection` | x |\n"
                 "| `services/query` | x |\n| `services/steward` | x |\n",
}


class Rules(unittest.TestCase):
    def found(self, rule, changes=None, **arguments):
        """What a rule says of the tree with some files changed, or added to by a leading '+'."""
        with tempfile.TemporaryDirectory() as folder:
            files = dict(TREE)
            for name, text in (changes or {}).items():
                files[name] = TREE.get(name, "") + text[1:] if text.startswith("+") else text
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return [str(problem) for problem in rule(folder, **arguments)]

    def breaks(self, rule, why, changes, **arguments):
        found = self.found(rule, changes, **arguments)
        self.assertEqual(1, len(found), found)
        self.assertIn(why, found[0])

    def test_a_tree_that_keeps_the_rules_has_no_breach(self):
        for rule in (layers.check, names.check, sizes.check, readme.check):
            self.assertEqual([], self.found(rule), rule)

    def test_pure_includes_only_pure(self):
        self.breaks(layers.check, "PURE scoring must not include IO journal",
                    {"libs/scoring/ladder.h": '+#include "journal/journal.h"\n'})

    def test_io_libraries_do_not_include_one_another(self):
        self.breaks(layers.check, "IO readmodel must not include IO journal", {
            "libs/readmodel/CMakeLists.txt": "tamroi_library(readmodel KIND IO DEPENDS journal)\n",
            "libs/readmodel/keys.h": '#pragma once\n#include "journal/journal.h"\n'})

    def test_roles_do_not_include_one_another(self):
        self.breaks(layers.check, "ROLE query must not include ROLE steward",
                    {"services/query/query.h": '+#include "steward/steward.h"\n'})

    def test_an_include_needs_a_declared_dependency(self):
        self.breaks(layers.check, "base does not declare that it depends on scoring",
                    {"libs/base/ratio.h": '+#include "scoring/ladder.h"\n'})

    def test_a_library_declares_its_kind_and_bears_its_folders_name(self):
        self.breaks(layers.check, "declares no kind",
                    {"services/query/CMakeLists.txt": "tamroi_library(query)\n"})
        self.breaks(layers.check, "target queries is not",
                    {"services/query/CMakeLists.txt": "tamroi_library(queries KIND ROLE)\n"})
        self.breaks(layers.check, "declared by no", {"libs/stray/stray.h": "#pragma once\n"})

    def test_pure_code_has_no_thread_file_clock_or_coroutine(self):
        for line in ("#include <thread>", "#include <mutex>", "#include <fstream>", "#include <iostream>",
                     "auto now() { return std::chrono::system_clock::now(); }", "boost::asio::awaitable<void> run();",
                     'const char* home() { return getenv("HOME"); }'):
            self.breaks(layers.check, " in PURE scoring", {"libs/scoring/ladder.h": f"+{line}\n"})

    def test_scoring_has_no_floating_point(self):
        self.breaks(layers.check, "no floating point", {"libs/scoring/ladder.h": "+double share();\n"})

    def test_a_comment_or_a_literal_breaks_no_layer(self):
        self.assertEqual([], self.found(layers.check, {
            "libs/scoring/ladder.h": '+// No double, no co_await.\nconst char* name = "double";\n'}))

    def test_an_outside_library_is_seen_nowhere_but_inside_its_own_library(self):
        self.breaks(layers.check, "that other folders include", {"libs/journal/journal.h": "+#include <rocksdb/db.h>\n"})
        self.breaks(layers.check, "that other folders include", {
            "libs/journal/journal.h": '+#include "journal/store.h"\n',
            "libs/journal/store.h": "#pragma once\n#include <rocksdb/db.h>\n"})
        self.breaks(layers.check, "belongs to journal",
                    {"libs/projection/projection.h": "+#include <librdkafka/rdkafkacpp.h>\n"})
        self.assertEqual([], self.found(layers.check, {
            "libs/journal/store.h": "#pragma once\n#include <rocksdb/db.h>\n",
            "libs/journal/journal.cpp": '#include "journal/journal.h"\n#include "journal/store.h"\n'}))

    def test_a_header_is_included_once_and_first_by_its_own_cpp_file(self):
        self.breaks(layers.check, "#pragma once", {"libs/journal/journal.h": "struct Journal {};\n"})
        self.breaks(layers.check, "its own header", {"libs/base/ratio.cpp": '#include <string>\n#include "base/ratio.h"\n'})

    def test_words_that_say_nothing_are_refused(self):
        for line in ("class RoundManager {};", "int parse_util();", "struct Info {};", "int data_ = 0;", "void handle();"):
            self.breaks(names.check, "instead of", {"libs/base/ratio.h": f"+{line}\n"})
        self.breaks(names.check, "a file called helpers", {"libs/base/ratio_helpers.h": "#pragma once\n"})

    def test_the_words_of_outside_libraries_are_theirs(self):
        self.assertEqual([], self.found(names.check, {
            "libs/base/ratio.h": '+auto at(std::string s) { return s.data() + std::data(s)[0]; }  // the data\n'}))

    def test_a_word_of_the_letter_is_refused_as_a_literal_and_as_an_identifier(self):
        for line in ('const char* type = "mentor_visit";', "int households_verified = 0;", "struct MentorVisit {};",
                     'constexpr auto origin = "tpmap";', "int logbook_reference_ = 0;", 'auto raw = R"(plot)";'):
            self.breaks(names.check, "of a letter", {"libs/scoring/ladder.h": f"+{line}\n"})

    def test_a_general_word_needs_a_reason(self):
        self.assertEqual([], self.found(names.check, {
            "libs/scoring/ladder.h": "+int plot();\n", "tests/architecture/general_words.txt": "plot  # of a chart\n"}))
        self.breaks(names.check, "has no reason", {"tests/architecture/general_words.txt": "plot\n"})

    def test_a_word_that_only_the_catalogue_knows_is_refused(self):
        self.breaks(names.check, "of a letter", {
            "libs/scoring/ladder.h": "+int beehives();\n",
            "schemas/catalogue/2566-1/facts.yaml": "fact_types:\n  hive: {values: {beehives: {kind: integer}}}\n"})

    def test_the_catalogue_names_what_the_contract_names(self):
        root = Path(__file__).resolve().parents[2]
        said = {word for path in sorted((root / "schemas/catalogue/2565-2").glob("*.yaml"))
                for word, _ in letter.in_catalogue(yaml.safe_load(path.read_text(encoding="utf-8")))}
        listed = f"{letter.FACT_TYPES} {letter.FIELDS} {letter.CHOICES} {letter.MEASURES}".split()
        self.assertEqual([], sorted(set(listed) - said))

    def test_long_files_and_functions_are_refused(self):
        body = "int f() {\n" + "  g();\n" * 69 + "}\n"
        self.breaks(sizes.check, "71 lines of int f()", {"libs/base/long.cpp": body})
        self.breaks(sizes.check, "71 lines of int C::f() const", {"libs/base/long.cpp": body.replace("f()", "C::f() const")})
        self.assertEqual([], self.found(sizes.check, {"libs/base/long.cpp": body.replace("  g();\n", "", 1)}))
        self.assertEqual([], self.found(sizes.check, {"libs/base/long.h": "struct S {\n" + "  int f();\n" * 99 + "};\n"}))
        self.breaks(sizes.check, "more than 5 %", {"libs/base/long.h": "int f();\n" * 301})
        found = self.found(sizes.check, {"libs/base/long.h": "int f();\n" * 501})
        self.assertTrue(any("501 lines; at most 500" in problem for problem in found), found)

    def test_a_reviewed_long_function_may_not_grow_and_leaves_the_list_when_it_has_shrunk(self):
        body = "int f() {\n" + "  g();\n" * 78 + "}\n"
        reviewed = {"tests/architecture/long_functions.txt": "libs/base/long.cpp:int f:80  # a table\n"}
        self.assertEqual([], self.found(sizes.check, {"libs/base/long.cpp": body, **reviewed}))
        self.breaks(sizes.check, "at most 80", {"libs/base/long.cpp": body.replace("{\n", "{\n\n"), **reviewed})
        self.breaks(sizes.check, "no longer needed", reviewed)

    def test_the_map_names_the_folders_that_exist_in_the_order_of_the_build(self):
        self.breaks(readme.check, "libs/attic does not exist", {"README.md": "+| `libs/attic` | x |\n"})
        self.breaks(readme.check, "tests/system is not in the map", {"tests/system/kill_test.py": "\n"})
        rows = TREE["README.md"].splitlines(keepends=True)
        self.breaks(readme.check, "in the order of the build",
                    {"README.md": "".join([rows[1], rows[0], *rows[2:]])})

    def test_a_registry_host_is_refused(self):
        self.breaks(origins.check, "a registry's host", {"README.md": "+see https://mirror.example/x\n"},
                    hosts=["mirror.example"])

    def test_a_path_of_this_machine_is_refused(self):
        here = Path("/farm7") / "someone" / "checkout"
        self.assertEqual(["/farm7/", "/farm7/someone", str(here)],
                         [path for path in origins.machine_paths(here) if path != str(Path.home())])
        self.assertNotIn("/tmp/", origins.machine_paths(Path("/tmp") / "x" / "checkout"))
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "notes.md").write_text(f"built in {Path(folder).resolve()}/build\n", encoding="utf-8")
            self.assertEqual(1, len(list(origins.check(folder, hosts=[]))))


if __name__ == "__main__":
    sys.exit(unittest.main())
