"""Start the sandbox: `xero-sandbox --port 9400 [--host 127.0.0.1] [--seed demo] [--state FILE]`."""

from __future__ import annotations

import argparse
import errno
import gc
import signal
import sys
from pathlib import Path
from types import FrameType

import uvicorn

from xero_sandbox.app import create_app
from xero_sandbox.seeds import SEEDS
from xero_sandbox.serving import listen, make_server
from xero_sandbox.world import NotAState, World, import_world


class CannotStart(Exception):
    """The sandbox cannot start; the sentence says why and what to do."""


def main() -> None:
    options = _read_options()
    try:
        serve(options.host, options.port, options.seed, options.state)
    except CannotStart as problem:
        sys.exit(f"xero-sandbox: {problem}")


def serve(host: str, port: int, seed: str, state_file: Path | None) -> None:
    """Serve until Ctrl-C or SIGTERM; then save, if a state file is given. Raises CannotStart."""
    app = create_app(_first_world(seed, state_file))
    gc.freeze()  # the first world stays; a collector that walks 20,000 invoices stops everything for a moment
    try:
        listener = listen(host, port)
    except OSError as problem:
        raise CannotStart(_why_not(host, port, problem)) from problem
    server = make_server(app)
    _stop_on_signals(server)
    print(f"Xero sandbox at http://{host}:{listener.getsockname()[1]}/_sandbox/", flush=True)  # noqa: T201  # its line
    with listener:
        server.run(sockets=[listener])
    if state_file:
        _save(app.state.sandbox.world, state_file)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("xero-sandbox", description="Xero in a box, for those who build for Xero.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9400, help="0 takes a free one (default: 9400)")
    parser.add_argument("--seed", choices=sorted(SEEDS), default="demo", help="the world to start with")
    parser.add_argument("--state", type=Path, metavar="FILE", help="read the world from this file, and save it there")
    return parser.parse_args()


def _first_world(seed: str, state_file: Path | None) -> World:
    if state_file is None or not state_file.exists():
        if state_file and not state_file.parent.is_dir():
            raise CannotStart(f"the folder of {state_file} does not exist. Make it, or choose another file.")
        return SEEDS[seed]()
    try:
        return import_world(state_file.read_bytes())
    except OSError as problem:
        raise CannotStart(f"{state_file} cannot be read: {problem.strerror}.") from problem
    except NotAState as problem:
        raise CannotStart(f"{state_file} is no saved state ({problem}). Move it away to start afresh.") from problem


def _save(world: World, state_file: Path) -> None:
    half_written = state_file.with_name(f"{state_file.name}.new")
    half_written.write_bytes(world.export())
    half_written.replace(state_file)


def _why_not(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use. Stop what uses it, or choose another with --port."
    return f"cannot listen on {host}:{port}: {problem.strerror or problem}."


def _stop_on_signals(server: uvicorn.Server) -> None:
    """Let either signal end the loop quietly: uvicorn raises Ctrl-C again once it is done."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


if __name__ == "__main__":
    main()
