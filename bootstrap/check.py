"""Run every check, one line for each, and then the tests, whose own count is the last line."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import chromium
from environment import ROOT, SetupError, ensure

CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "import arrows": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "missing migrations": ["-W", "ignore::RuntimeWarning", "-m", "django", "makemigrations", "--check", "--dry-run"],
}
PYTEST_WORKERS_MAX = 4


def main() -> int:
    os.chdir(ROOT)
    arguments = [argument for argument in sys.argv[1:] if argument != "--fast"]
    fast = len(arguments) < len(sys.argv[1:])
    try:
        python = ensure("requirements-dev.lock")
        if not fast:
            os.environ["KEITO_CHROMIUM"] = chromium.find_or_install()
    except (SetupError, subprocess.TimeoutExpired) as problem:
        print(f"The tests did not start. {problem}", file=sys.stderr)
        return 2
    checks_passed = _run_checks(python)
    tests_passed = _run_tests(python, arguments, fast=fast)
    return 0 if checks_passed and tests_passed else 1


def _run_checks(python: Path) -> bool:
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return all([*pool.map(lambda name: _passes(python, name), CHECKS)])


def _passes(python: Path, name: str) -> bool:
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603  # one of the commands above
        [str(python), *CHECKS[name]],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "keito_books.config.settings"},
    )
    passed = done.returncode == 0
    line = f"{'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)"
    print(line if passed else f"{line}\n{done.stdout}", flush=True)
    return passed


def _run_tests(python: Path, arguments: list[str], *, fast: bool) -> bool:
    workers = min(os.cpu_count() or 1, PYTEST_WORKERS_MAX)
    command = [str(python), "-m", "pytest", "-q", "-n", str(workers), "--dist", "load"]
    without_browser = ["-m", "not browser"] if fast else []
    done = subprocess.run([*command, *without_browser, *arguments], check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
