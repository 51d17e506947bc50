"""Make every source of chance follow the seed: ids, keys, nonces, markers, jitter."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let `os.urandom`, `secrets`, `uuid4` and `random` in this block give the same values for the same seed."""
    source = random.Random(f"bytes of {seed}")  # noqa: S311  the same again is what it is for
    real_urandom = os.urandom
    state = random.getstate()
    random.seed(seed)
    os.urandom = source.randbytes
    # What `secrets` draws from; the stubs don't know it.
    setattr(random, "_urandom", source.randbytes)  # noqa: B010
    try:
        yield
    finally:
        os.urandom = real_urandom
        setattr(random, "_urandom", real_urandom)  # noqa: B010
        random.setstate(state)
