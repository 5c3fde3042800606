#!/usr/bin/python3
"""The count at the end of `./dev test` is the count of test cases, and nothing that did not pass is missing from it."""

import json
import tempfile
import unittest
from pathlib import Path

import summary

DOCTEST = "[doctest] doctest version is \"2.4.9\"\n[doctest] test cases: {:>3} | {:>3} passed | {:>3} failed | 7 skipped\n"


def ran(stdout="", stderr="", result="OK", name="some"):
    return {"name": name, "stdout": stdout, "stderr": stderr, "result": result}


class CountProgramTest(unittest.TestCase):
    def check(self, program, passed, failed):
        self.assertEqual(summary.count_program(program), (passed, failed))

    def test_doctest_cases(self):
        self.check(ran(DOCTEST.format(12, 12, 0)), 12, 0)
        self.check(ran(DOCTEST.format(12, 10, 2), result="FAIL"), 10, 2)

    def test_coloured_doctest_output(self):
        self.check(ran("\x1b[0;36m[doctest] \x1b[0mtest cases:  2 | \x1b[0;32m 2 passed\x1b[0m | 0 failed\x1b[0m | 0 skipped"), 2, 0)

    def test_unittest_methods(self):
        self.check(ran(stderr="Ran 5 tests in 0.1s\n\nOK\n"), 5, 0)
        self.check(ran(stderr="Ran 1 test in 0.1s\n\nOK\n"), 1, 0)
        self.check(ran(stderr="Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=2)\n", result="FAIL"), 2, 3)

    def test_skipped_methods_fail(self):
        self.check(ran(stderr="Ran 5 tests in 0.1s\n\nOK (skipped=2)\n"), 3, 2)
        self.check(ran(stderr="Ran 5 tests in 0.1s\n\nOK (expected failures=1)\n"), 4, 1)

    def test_a_class_that_could_not_be_set_up(self):
        self.check(ran(stderr="Ran 0 tests in 0.1s\n\nFAILED (errors=1)\n", result="FAIL"), 0, 1)

    def test_a_program_that_counts_nothing_is_one_test(self):
        self.check(ran("fine"), 1, 0)
        self.check(ran("oh", result="FAIL"), 0, 1)

    def test_a_program_that_ran_no_case_fails(self):
        self.check(ran(DOCTEST.format(0, 0, 0)), 0, 1)
        self.check(ran(stderr="Ran 0 tests in 0.0s\n\nOK\n"), 0, 1)

    def test_a_leak_or_crash_beside_passing_cases_fails(self):
        self.check(ran(DOCTEST.format(12, 12, 0), "LeakSanitizer: detected memory leaks", result="FAIL"), 12, 1)
        self.check(ran(stderr="Ran 5 tests in 0.1s\n\nOK\n", result="TIMEOUT"), 5, 1)

    def test_a_program_that_left_before_its_summary_fails(self):
        self.check(ran('[doctest] doctest version is "2.4.9"\n'), 0, 1)

    def test_skip_by_exit_status_fails(self):
        self.check(ran("not here", result="SKIP"), 0, 1)


class CountBuildTest(unittest.TestCase):
    def count(self, registered, programs, without=()):
        with tempfile.TemporaryDirectory() as folder:
            for name, lines in [("meson-info/intro-tests.json", [registered]), ("meson-logs/testlog.json", programs)]:
                if lines is not None:
                    target = Path(folder) / name
                    target.parent.mkdir()
                    target.write_text("".join(json.dumps(line) + "\n" for line in lines))
            return summary.count_build(Path(folder), without)

    def test_programs_add_up(self):
        counted = self.count([{"name": "unit"}, {"name": "text"}], [ran(DOCTEST.format(3, 3, 0), name="unit"), ran(name="text")])
        self.assertEqual(counted, (4, 0, []))

    def test_a_failure_is_named(self):
        counted = self.count([{"name": "text"}], [ran(name="text", result="FAIL")])
        self.assertEqual(counted, (0, 1, ["text: 0 passed, 1 failed (FAIL)"]))

    def test_failing_cases_are_named(self):
        doctest = (DOCTEST.format(3, 2, 1).splitlines()[0] + "\n" + "=" * 79 + "\na.cpp:1:\nTEST CASE:  one\n\na.cpp:2: MESSAGE: ERROR\n\n"
                   + "=" * 79 + "\na.cpp:5:\nTEST CASE:  two\n  of them\n\na.cpp:7: ERROR: CHECK( false ) is NOT correct!\n\n"
                   + "=" * 79 + "\n[doctest] test cases:   3 |   2 passed |   1 failed | 0 skipped\n")
        unittest_text = "FAIL: test_x (__main__.X.test_x)\nERROR: setUpClass (y)\n\nRan 1 test in 0.1s\n\nFAILED (failures=1, errors=1)\n"
        leak = "SUMMARY: AddressSanitizer: 8 byte(s) leaked in 1 allocation(s).\n"
        counted = self.count([], [ran(doctest, leak, result="FAIL", name="unit"), ran(stderr=unittest_text, result="FAIL", name="text")])
        self.assertEqual(counted[2], ["unit: 2 passed, 1 failed (FAIL)", "  two", "  " + leak.strip(),
                                      "text: 0 passed, 2 failed (FAIL)", "  test_x", "  setUpClass"])

    def test_a_test_that_left_no_result_fails(self):
        counted = self.count([{"name": "unit"}, {"name": "text"}], [ran(name="unit")])
        self.assertEqual(counted, (1, 1, ["text: did not run"]))

    def test_a_test_of_a_suite_left_out_on_purpose_needs_no_result(self):
        registered = [{"name": "unit", "suite": ["hearth:unit"]}, {"name": "slow", "suite": ["hearth:package"]}]
        self.assertEqual(self.count(registered, [ran(name="unit")], ["package"]), (1, 0, []))
        self.assertEqual(self.count(registered, [ran(name="slow")], ["package"])[1:], (1, ["unit: did not run"]))

    def test_a_build_that_left_no_log_fails(self):
        self.assertEqual(self.count([{"name": "unit"}], None)[:2], (0, 1))


if __name__ == "__main__":
    unittest.main()
