"""The console script `icepanel-invites`, which `pipx run` and `uvx` start. The command itself is in the extension."""

import signal
import sys

from ._native import run_command


def main() -> int:
    """Runs the command with the arguments of this process, and returns its exit code."""
    # As in a program without Python: the command itself handles Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command(["icepanel-invites", *sys.argv[1:]])
