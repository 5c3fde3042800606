#!/usr/bin/python3
"""Fuzzes the targets of a build, as many at once as there are processors, and says what came of it.

    tests/fuzz/run.py BUILD [TARGET|all] [SECONDS]

What a target has learnt stays in BUILD/corpus/TARGET and is where the next run goes on; an input that breaks something is put
into BUILD/findings. Ends with status 1 if there is one.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
COVERED = re.compile(r"cov: (\d+) ")
# A hang is 10 seconds; no input of the sizes tried may need a gigabyte.
LIMITS = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=8192"]
ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1:symbolize=1"}


def report_in(output):
    """What libFuzzer printed, without its progress."""
    return "\n".join(line for line in output.splitlines() if not line.startswith("#"))[-6000:]


def fuzz(build, target, seconds):
    """(executions, reached edges, whether nothing was found, the end of the output)"""
    corpus, findings = build / "corpus" / target, build / "findings"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    known = [build / "tests" / "fuzz" / "seeds" / target, HERE / "regressions" / target]
    command = [build / "tests" / "fuzz" / f"{target}_fuzz", f"-max_total_time={seconds}", "-print_final_stats=1", *LIMITS,
               f"-artifact_prefix={findings}/{target}-", corpus, *filter(Path.is_dir, known)]
    ran = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
                         env={**os.environ, **ENVIRONMENT}, check=False)
    executed, covered = EXECUTED.findall(ran.stderr), COVERED.findall(ran.stderr)
    return (int(executed[-1]) if executed else 0, int(covered[-1]) if covered else 0, ran.returncode == 0,
            report_in(ran.stderr))


def main(build, wanted="all", seconds="60"):
    build = Path(build).resolve()
    every = sorted(path.name.removesuffix("_fuzz") for path in (build / "tests" / "fuzz").glob("*_fuzz"))
    targets = every if wanted == "all" else [wanted]
    if not set(targets) <= set(every) or not seconds.isdigit():
        sys.exit(f"usage: ./dev fuzz [TARGET|all] [SECONDS]; targets: {' '.join(every)}")
    total, failed = 0, []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {target: pool.submit(fuzz, build, target, int(seconds)) for target in targets}
        for target, run in runs.items():
            executed, covered, is_well, output = run.result()
            total += executed
            found = "nothing" if is_well else "SOMETHING"
            print(f"{target:16} {executed:>12,} executions, {covered:>6,} edges reached, {found} found", flush=True)
            if not is_well:
                failed.append(target)
                print(output)
    print(f"{total:,} executions over {len(targets)} targets")
    if failed:
        print(f"inputs that broke {', '.join(failed)} are in {build / 'findings'}; once mended, they belong into "
              "tests/fuzz/regressions/TARGET")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
