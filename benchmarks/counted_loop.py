"""What runs under callgrind: reads "REQUESTS PAGE" lines, asks for the page as often, says that it is done."""

from __future__ import annotations

import gc
import os
import pickle
import sys
from pathlib import Path

from benchmarks.inside import Inside
from benchmarks.pages import pages_of
from benchmarks.surroundings import open_portal
from portal.web.logs import set_up_logs


def main(path: str) -> int:
    """Serve lines until there are none."""
    set_up_logs()
    inside = Inside(open_portal(dict(os.environ)))
    pages = {page.name: page for page in pages_of(pickle.loads(Path(path).read_bytes()))}
    print("ready", flush=True)
    for line in sys.stdin:
        # Each count begins alike: with nothing to sweep, and with what is there for good left alone by the sweeper.
        gc.collect()
        gc.freeze()
        requests, name = line.rstrip("\n").split(" ", 1)
        inside.ask(pages[name], int(requests))
        print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
