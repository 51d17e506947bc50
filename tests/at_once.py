"""Do the same in several threads that start together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection as database


def at_once(number: int, do: Callable[[], object]) -> list[object]:
    """Do it in threads that start together, each with a database connection of its own."""
    start = Barrier(number)

    def one() -> object:
        start.wait(timeout=10)
        try:
            return do()
        finally:
            database.close()

    with ThreadPoolExecutor(number) as pool:
        return [future.result(timeout=60) for future in [pool.submit(one) for _ in range(number)]]
