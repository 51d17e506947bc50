"""A process that does nothing but own a database, for tests that kill it."""

import signal
import sys
from pathlib import Path

from keito_books.cli.postgres import EmbeddedPostgres

with EmbeddedPostgres(Path(sys.argv[1]), durable=True) as server:
    sys.stdout.write(f"{server.pid}\n")
    sys.stdout.flush()
    signal.pause()
