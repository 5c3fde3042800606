#!/usr/bin/python3
"""Kills hearthd again and again, and checks after each kill that nothing was lost: `./dev torture`.

    HEARTHD=… FAULTY_DISK=… torture.py [KILLS] [--seed SEED]
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
import traceback

from crash_arena import SCENARIOS, Arena

KILLS_PER_FILE = 40  # then a new one, so that creating a file is tried too


def show(text, done=False):
    """A line that overwrites itself for a person; a log gets the last one only."""
    if sys.stdout.isatty():
        print("\r\033[K" + text, end="\n" if done else "", flush=True)
    elif done:
        print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="dev torture", description="Kills hearthd and checks that nothing is lost.")
    parser.add_argument("kills", nargs="?", type=int, default=200, metavar="KILLS")
    parser.add_argument("--seed", type=int, default=random.randrange(10 ** 6))
    arguments = parser.parse_args()
    print("seed %d (again: ./dev torture %d --seed %d)" % (arguments.seed, arguments.kills, arguments.seed), flush=True)
    chance = random.Random(arguments.seed)
    began = time.monotonic()
    totals = {"acknowledged": 0, "refused": 0, "checked_names": 0}
    kills = dict.fromkeys(SCENARIOS, 0)
    rounds = 0
    while sum(kills.values()) < arguments.kills:
        directory = tempfile.mkdtemp(prefix="hearth-torture-")
        arena = Arena(directory, chance.randrange(10 ** 9))
        scenario = ""
        try:
            while sum(arena.kills.values()) < min(KILLS_PER_FILE, arguments.kills - sum(kills.values())):
                scenario = chance.choice(SCENARIOS)
                arena.play(scenario)
                rounds += 1
                show("%d of %d kills, %d changes acknowledged (%s)" % (
                    sum(kills.values()) + sum(arena.kills.values()), arguments.kills,
                    totals["acknowledged"] + arena.acknowledged, scenario))
            scenario = "end"
            arena.end()
        except BaseException as error:
            show("", done=True)
            if not isinstance(error, KeyboardInterrupt):
                traceback.print_exc()
            print("FAILED in round %d (%s), seed %d; the files are in %s" % (rounds, scenario, arguments.seed, directory))
            arena.kill()
            sys.exit(1)
        shutil.rmtree(directory)
        for name in totals:
            totals[name] += getattr(arena, name)
        for name in kills:
            kills[name] += arena.kills[name]
    show("%d kills in %d s (%s)" % (sum(kills.values()), time.monotonic() - began,
                                    ", ".join("%d %s" % (count, name) for name, count in kills.items())), done=True)
    print("%(refused)d changes refused; %(checked_names)d names compared with the model, with SQLite before the start, and "
          "with the file after it" % totals)
    print("%d kills, %d acknowledged writes, 0 lost" % (sum(kills.values()), totals["acknowledged"]))


if __name__ == "__main__":
    main()
