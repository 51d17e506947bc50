"""A deadline holds while the machine sleeps."""

from __future__ import annotations

import socket
import time

import httpcore2
import pytest

from keito_books.providers import deadlines

AN_HOUR_SECONDS = 3600.0


def test_a_machine_that_slept_before_the_write_sends_nothing_late(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, deadlines.watching(30):
        stream = deadlines.WatchedBackend().connect_tcp("127.0.0.1", server.getsockname()[1])
        peer, _ = server.accept()
        awake = deadlines.elapsed_seconds()
        monkeypatch.setattr(deadlines, "elapsed_seconds", lambda: awake + AN_HOUR_SECONDS)

        with pytest.raises(httpcore2.ReadTimeout):
            stream.write(b"PUT /Invoices")
        stream.close()

        assert peer.recv(100) == b""
        peer.close()


def test_the_clock_of_deadlines_goes_on_while_the_machine_sleeps() -> None:
    best = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

    difference = deadlines.elapsed_seconds() - time.clock_gettime(best)

    assert abs(difference) < 1
