"""Folders for databases of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from database_server import make_quick_folder
from keito_books.cli.postgres import EmbeddedPostgres


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that root's server can reach; pytest's own folders are closed to it."""
    parent = make_quick_folder()
    data = parent / "data"
    yield data
    if data.exists():
        EmbeddedPostgres(data).destroy()
    shutil.rmtree(parent)
