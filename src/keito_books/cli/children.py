"""Start child processes that cannot outlive us, and end them for certain."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(last_words: signal.Signals) -> Callable[[], None]:
    """Return what a new child runs first, so that it gets this signal when we die, even by kill -9.

    Linux binds the signal to the thread that starts the child: start children from the main thread.
    Elsewhere nothing like it exists, and only an orderly end of ours ends them.
    """
    parent = os.getpid()
    # Loaded before the fork: after it, a lock held by another thread would never be released.
    library = ctypes.CDLL(None) if sys.platform == "linux" else None

    def run_first() -> None:
        if library is None:
            return
        library.prctl(PR_SET_PDEATHSIG, int(last_words), 0, 0, 0)
        if os.getppid() != parent:  # we died between the fork and the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return run_first


def end(process: subprocess.Popen[bytes], *, kindly: signal.Signals, patience_seconds: float) -> None:
    """Ask a child to stop, wait, and kill its whole process group if it does not."""
    if process.poll() is None:
        process.send_signal(kindly)
        try:
            process.wait(timeout=patience_seconds)
        except subprocess.TimeoutExpired:
            kill_group(process)
    process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
