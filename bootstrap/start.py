"""Make the environment if need be, then become `keito-books run`."""

import os
import sys

from environment import ROOT, SetupError, ensure


def main() -> None:
    try:
        python = ensure("requirements.lock", "requirements-dev.lock")
    except SetupError as problem:
        sys.exit(f"Keito Books did not start. {problem}")
    except KeyboardInterrupt:
        sys.exit("Stopped while making the environment. The next ./run goes on with it.")
    os.environ.setdefault("KEITO_DATA_DIR", str(ROOT / ".data"))
    os.execv(python, [str(python), "-m", "keito_books.cli", "run", *sys.argv[1:]])  # noqa: S606  # no shell wanted


if __name__ == "__main__":
    main()
