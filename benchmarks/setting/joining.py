"""Join a workspace to a sandbox that runs as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from joined import Joined, join
from xero_sandbox.seeds.demo import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from xero_sandbox.testing import sandbox_process


@contextmanager
def joined_to_a_sandbox() -> Iterator[Joined]:
    with sandbox_process() as sandbox:
        settings.XERO_SANDBOX_URL = sandbox.url
        settings.XERO_CLIENT_ID, settings.XERO_CLIENT_SECRET = DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
        yield join(sandbox)
