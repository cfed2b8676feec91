import contextlib
import io
import pathlib
import tempfile
import unittest

import summary

GOOD = """== Building tests
== Building tests: done in 300 s
100% tests passed, 0 tests failed out of 40
== Running tests: done in 70 s
Ran 12 tests in 0.123s

OK
== Checking style: done in 2 s
"""


class Summary(unittest.TestCase):
    def told(self, log, code=0):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "log"
            path.write_text(log)
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                end = summary.main(path, code)
        return end, said.getvalue()

    def test_sums_up_all_tests_and_lists_the_steps(self):
        end, said = self.told(GOOD)

        self.assertEqual(end, 0)
        self.assertIn("   300  Building tests\n", said)
        self.assertIn("   372  in all\n", said)
        self.assertTrue(said.endswith("\n52 passed, 0 failed\n"), said)

    def test_counts_failed_tests(self):
        end, said = self.told(GOOD.replace("100% tests passed, 0", "95% tests passed, 2").replace("OK", "FAILED (failures=1, errors=2)"), 1)

        self.assertEqual(end, 1)
        self.assertTrue(said.endswith("\n47 passed, 5 failed\n"), said)

    def test_counts_a_failed_step_without_tests_as_one(self):
        end, said = self.told(GOOD + "== Building release: failed after 3 s\n", 2)

        self.assertEqual(end, 1)
        self.assertIn("     3  Building release   FAILED\n", said)
        self.assertTrue(said.endswith("\n52 passed, 1 failed\n"), said)

    def test_believes_the_exit_code_over_a_silent_log(self):
        self.assertTrue(self.told(GOOD, 130)[1].endswith("\n52 passed, 1 failed\n"))

    def test_nothing_tested_is_no_success(self):
        self.assertEqual(self.told("== Setting up: done in 5 s\n")[0], 1)


if __name__ == "__main__":
    unittest.main()
