"""Run a command that must not outlive the one who started it.

    python -I -S leash.py PARENT COMMAND...

On Linux the kernel is asked to end this process when its parent ends, however that happens; the request survives becoming
the command. Elsewhere the command simply runs, and an orderly stop is all there is. Run as a script, without the portal.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the command. Never returns."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the one who started this is gone")
    os.execvp(command[0], command)  # the supervisor's own command  # noqa: S606  # nosec B606


if __name__ == "__main__":
    main(sys.argv[1:])
