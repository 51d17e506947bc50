"""Notice the wish to stop: Ctrl-C, a service manager's SIGTERM, a closed terminal."""

import signal
import threading
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """Set by a signal and read between steps, so that no step is torn in the middle."""

    def __init__(self) -> None:
        self._requested = threading.Event()
        self.is_urgent = False

    def listen(self) -> None:
        for number in SIGNALS:
            # nohup ignores the closing of the terminal, and means it.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note)

    @property
    def is_made(self) -> bool:
        return self._requested.is_set()

    def pause(self, seconds: float) -> None:
        """Sleep, but not longer than until the request."""
        self._requested.wait(seconds)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        # Asked twice by hand: they don't want to wait for our children's good manners.
        self.is_urgent = self.is_made and number == signal.SIGINT
        self._requested.set()
