"""Name the options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path, typer.Option("--data", envvar="KEITO_DATA_DIR", help="The folder for the database, keys and logs.")
]
