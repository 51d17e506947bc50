"""Folders for databases of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from database_server import Session
from keito_books.cli.postgres import EmbeddedPostgres


@pytest.fixture
def data(test_session: Session) -> Iterator[Path]:
    """A data folder that root's server can reach; pytest's own folders are closed to it."""
    yield from _data_folder(test_session)


@pytest.fixture(scope="module")
def shared(test_session: Session) -> Iterator[EmbeddedPostgres]:
    """A running server for tests that leave it as it is."""
    for data in _data_folder(test_session):
        with EmbeddedPostgres(data, durable=False) as server:
            yield server


def _data_folder(session: Session) -> Iterator[Path]:
    parent = Path(tempfile.mkdtemp(dir=session.folder))
    parent.chmod(0o711)
    data = parent / "data"
    yield data
    if data.exists():
        EmbeddedPostgres(data).destroy()
    shutil.rmtree(parent)
