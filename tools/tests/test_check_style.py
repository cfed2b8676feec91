import unittest

from tree import Tree

import check_style
import cpp_text

# Words that may stand in no file are put together here.
UNFINISHED = "TO" + "DO"
SKIPPED = "GTEST_" + "SKIP"
SLEEP = "sleep_" + "for"
OUTSIDE = ".." + "/shared/notes.md"
REGISTRY = "https:" + "//registry.example/archive.tgz"


def function(lines):
    return "int f() {\n" + "  g();\n" * (lines - 2) + "}\n"


def check(files):
    with Tree(files) as root:
        return check_style.check(root)


class Walls(unittest.TestCase):
    def test_a_long_function_fails(self):
        wrong, _ = check({"src/a.cpp": "\n" + function(61)})
        self.assertEqual(wrong, ["src/a.cpp:2: f has 61 lines"])

    def test_sixty_lines_pass(self):
        self.assertEqual(check({"src/a.cpp": function(60)}), ([], []))

    def test_a_long_file_fails(self):
        wrong, _ = check({"src/a.cpp": "int a;\n" * 401})
        self.assertEqual(wrong, ["src/a.cpp:1: 401 lines"])

    def test_an_exception_with_its_reason_excuses(self):
        excuses = "- `src/a.cpp`: a table\n- `src/b.cpp` `f`: a switch over all kinds\n"
        wrong, again = check({"src/a.cpp": "int a;\n" * 401, "src/b.cpp": function(61), "docs/exceptions.md": excuses})
        self.assertEqual(wrong, [])
        self.assertEqual(len(again), 2)

    def test_an_exception_for_a_file_does_not_excuse_its_functions(self):
        wrong, _ = check({"src/b.cpp": function(61), "docs/exceptions.md": "- `src/b.cpp`: long\n"})
        self.assertEqual(len(wrong), 1)


class LookAgain(unittest.TestCase):
    def again(self, text, path="src/a.hpp"):
        wrong, again = check({path: text})
        self.assertEqual(wrong, [])
        return again

    def test_long_headers_are_listed(self):
        self.assertEqual(self.again("int a;\n" * 201), ["src/a.hpp:1: 201 lines"])

    def test_many_parameters_are_listed(self):
        self.assertEqual(self.again("int f(int a, M<int, int> b, int c, int d, int e) { return a; }\n"), [])
        self.assertEqual(self.again("int f(int a, int b, int c, int d, int e, int g) { return a; }\n"), ["src/a.hpp:1: f: parameters 6"])

    def test_deep_nesting_is_listed(self):
        deep = "void f() {\n  if (a) {\n    for (;;) {\n      while (b) {\n        if (c) {\n          g();\n        }\n      }\n    }\n  }\n}\n"
        self.assertEqual(self.again(deep), ["src/a.hpp:1: f: nesting 4"])


class Bans(unittest.TestCase):
    def bans(self, path, text, words):
        wrong, _ = check({path: text})
        self.assertEqual(len(wrong), 1, wrong)
        self.assertIn(f"{path}:2: {words}", wrong[0])

    def test_unfinished_work(self):
        self.bans("src/a.cpp", f"\n// {UNFINISHED}: later\n", "unfinished work")
        self.bans("tools/a.py", f"\n# {UNFINISHED}\n", "unfinished work")

    def test_skipped_tests(self):
        self.bans("src/jobs/tests/a_test.cpp", f"\n{SKIPPED}();\n", "a skipped test")

    def test_sleeping_tests_only(self):
        self.bans("src/jobs/tests/a_test.cpp", f"\nstd::this_thread::{SLEEP}(1s);\n", "a test that sleeps")
        self.assertEqual(check({"src/jobs/a.cpp": f"{SLEEP}(1s);\n"}), ([], []))

    def test_folders_that_users_do_not_have(self):
        self.bans("docs/a.md", f"\nsee {OUTSIDE}\n", "a folder that users do not have")

    def test_addresses_in_set_up_files_only(self):
        for path in ("tools/fetch.py", "cmake/a.cmake", "Makefile", "kinora.lock.json"):
            self.bans(path, f'\n"{REGISTRY}"\n', "an address in a set-up file")
        self.assertEqual(check({"tools/a.py": '"http://127.0.0.1:80/"\n', "docs/a.md": REGISTRY}), ([], []))

    def test_paths_of_this_machine(self):
        with Tree({"src/a.cpp": ""}) as root:
            (root / "src/a.cpp").write_text(f'\n"{root.resolve()}/data"\n')
            wrong, _ = check_style.check(root)
        self.assertEqual(wrong, ["src/a.cpp:2: a path of this machine"])


class Functions(unittest.TestCase):
    def names(self, text):
        return [each.name for each in cpp_text.functions_of(text)]

    def test_are_told_from_what_also_has_braces(self):
        text = """
        namespace a { struct B : C<int> { int d{3}; B(int e) : f_{e}, g_(e) { h(); } int i() const { return 1; } }; }
        enum class J { k }; constexpr Sql l{R"sql(SELECT f(x) { )sql"}; auto m = std::vector<int>{1};
        template <class N, class... O> requires (true) void B::p(N n) { auto q = [n] { return n; }; }
        """
        self.assertEqual(self.names(text), ["B", "i", "B::p"])

    def test_ignore_comments_and_literals(self):
        self.assertEqual(self.names("// void a() {\n/* void b() { */ void c() { d(\"}\", '}', 1'000); }\n"), ["c"])


if __name__ == "__main__":
    unittest.main()
