#!/usr/bin/python3
"""Counts the test cases of finished `meson test` runs and prints `N passed, N failed` as its last line.

    tests/summary.py [--without=SUITE] build/gcc [build/clang ...]

Meson counts programs; this counts what ran inside them: doctest's test cases, unittest's test methods, and 1 for a program
that reports neither. Nothing may be lost on the way: a registered test that left no result, a build that left no log, a
skipped test and a program that ran no test case count as failures. Only the tests of a suite that was left out on purpose
need no result.
"""

import argparse
import json
import re
import sys
from pathlib import Path

DOCTEST_START = "[doctest] doctest version is"
DOCTEST_RESULT = re.compile(r"^\[doctest\] test cases:\s+\d+ \|\s+(\d+) passed \|\s+(\d+) failed", re.MULTILINE)
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
DOCTEST_SECTIONS = re.compile(r"^={70,}$", re.MULTILINE)
DOCTEST_CASE = re.compile(r"^TEST CASE:  (.*)", re.MULTILINE)
DOCTEST_ERROR = re.compile(r"^\S+:\d+: (?:FATAL )?ERROR: ", re.MULTILINE)
UNITTEST_FAILURE = re.compile(r"^(?:FAIL|ERROR): (\S+)", re.MULTILINE)
SANITIZER_REPORT = re.compile(r"^(?:SUMMARY: \w+Sanitizer: .*|.* runtime error: .*)", re.MULTILINE)
UNITTEST_RESULT = re.compile(r"^(?:OK|FAILED) \((.*)\)$", re.MULTILINE)


def plain_text(result):
    """What the program printed, without terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", result.get("stdout", "") + "\n" + result.get("stderr", ""))


def count_cases(text):
    """(passed, failed) as doctest or unittest reported them, or None if neither did."""
    if doctest := DOCTEST_RESULT.findall(text):
        return int(doctest[-1][0]), int(doctest[-1][1])
    if DOCTEST_START in text:
        return 0, 1  # left in the middle, whatever its exit status says
    if ran := UNITTEST_RAN.findall(text):
        remarks = UNITTEST_RESULT.findall(text)
        # failures, errors, skipped, expected failures, unexpected successes: all of them are tests that did not pass.
        failed = sum(int(n) for n in re.findall(r"=(\d+)", remarks[-1])) if remarks else 0
        return max(int(ran[-1]) - failed, 0), failed
    return None


def name_failures(text):
    """What to look for in the log: the test cases that failed, and what a sanitizer summed up."""
    wrong = [section for section in DOCTEST_SECTIONS.split(text) if DOCTEST_ERROR.search(section)]
    failures = [name for section in wrong for name in DOCTEST_CASE.findall(section)[:1]]
    return failures + UNITTEST_FAILURE.findall(text) + SANITIZER_REPORT.findall(text)


def count_program(result):
    """(passed, failed) of one line of the test log."""
    ended_well = result["result"] == "OK"
    cases = count_cases(plain_text(result))
    if cases is None:
        return (1, 0) if ended_well else (0, 1)
    passed, failed = cases
    if failed == 0 and (not ended_well or passed == 0):
        failed = 1  # crashed, leaked or timed out beside its cases, or had none
    return passed, failed


def expected_tests(build, without):
    """Names of the tests that should have left a result."""
    tests = json.loads((build / "meson-info" / "intro-tests.json").read_text())
    suites = [{suite.split(":")[-1] for suite in test.get("suite", [])} for test in tests]
    return [test["name"] for test, its_suites in zip(tests, suites) if its_suites.isdisjoint(without)]


def count_build(build, without=()):
    """(passed, failed, complaints) of one build directory, of which the suites `without` were not run."""
    log = build / "meson-logs" / "testlog.json"
    registered = build / "meson-info" / "intro-tests.json"
    if not log.exists() or not registered.exists():
        return 0, 1, ["did not build, or its tests did not run"]
    passed_total, failed_total, complaints, seen = 0, 0, [], set()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        result = json.loads(line)
        name = result["name"].split(" / ")[-1]
        seen.add(name)
        passed, failed = count_program(result)
        passed_total, failed_total = passed_total + passed, failed_total + failed
        if failed:
            complaints.append(f"{name}: {passed} passed, {failed} failed ({result['result']})")
            complaints += [f"  {failure}" for failure in name_failures(plain_text(result))]
    missing = [name for name in expected_tests(build, without) if name not in seen]
    complaints += [f"{name}: did not run" for name in missing]
    return passed_total, failed_total + len(missing), complaints


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("builds", nargs="+", type=Path)
    parser.add_argument("--without", action="append", default=[], metavar="SUITE")
    given = parser.parse_args(arguments)
    passed_total, failed_total = 0, 0
    for build in given.builds:
        passed, failed, complaints = count_build(build, given.without)
        passed_total, failed_total = passed_total + passed, failed_total + failed
        print(f"{build.name}: {passed} passed, {failed} failed")
        for complaint in complaints:
            print(f"  {complaint}")
    print(f"{passed_total} passed, {failed_total} failed")
    return 1 if failed_total or not passed_total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
