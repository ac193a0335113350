"""python -m benchmarks: measure, print one table, write nothing. Ends with 0 unless it could not measure.

--quick measures little, to see that it works; --instructions counts them with valgrind, which takes minutes;
--postgres URL measures on that (empty) PostgreSQL database instead of SQLite.
"""

from __future__ import annotations

import argparse
import logging
import sys

import structlog

from benchmarks.processes import CannotMeasure
from benchmarks.run import Amounts, run

USUAL = Amounts(requests=200, batches=7, journeys=7)
QUICK = Amounts(requests=20, batches=2, journeys=1)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="measure little, to see that it works")
    parser.add_argument("--instructions", action="store_true", help="count instructions a request with valgrind (minutes)")
    parser.add_argument("--postgres", metavar="URL", help="an empty PostgreSQL database to measure on")
    chosen = parser.parse_args(arguments)
    # What is asked in this process writes no lines; the servers do, as always, into files of their own.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        print(run(QUICK if chosen.quick else USUAL, postgres=chosen.postgres, instructions=chosen.instructions))
    except CannotMeasure as problem:
        print(f"benchmarks: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
