"""Find out whether a port is free, and whether a server behind it answers."""

import errno
import http.client
import socket
from dataclasses import dataclass

from keito_books.cli.errors import CommandError

ANSWER_TIMEOUT_SECONDS = 10
FIRST_PORT_FOR_EVERYONE = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int

    @property
    def is_an_error(self) -> bool:
        return self.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR


def refuse_a_taken_port(port: int, *, purpose: str, option: str) -> None:
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            _try_port(family, host, port)
        except OSError as error:
            _explain(error, port, purpose=purpose, option=option)


def ask(port: int, path: str) -> Answer | None:
    """Return what the server says, or None while nobody listens."""
    connection = http.client.HTTPConnection("localhost", port, timeout=ANSWER_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        return Answer(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _try_port(family: socket.AddressFamily, host: str, port: int) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # Connections of an earlier run may linger in the kernel; they don't hinder a new server.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))


def _explain(error: OSError, port: int, *, purpose: str, option: str) -> None:
    if error.errno == errno.EADDRINUSE:
        raise CommandError(
            f"Port {port}, meant for {purpose}, is in use by another program. "
            f"Stop that program, or choose another port with {option}."
        ) from error
    if error.errno == errno.EACCES:
        raise CommandError(
            f"Port {port}, meant for {purpose}, is reserved for root. "
            f"Choose one from {FIRST_PORT_FOR_EVERYONE} up with {option}."
        ) from error
    # Anything else means that the machine has no such address: many containers have no ::1.


def local_addresses(port: int) -> list[str]:
    """Return where to listen so that http://localhost reaches us, whichever address it means here."""
    addresses = [f"127.0.0.1:{port}"]
    try:
        _try_port(socket.AF_INET6, "::1", 0)
    except OSError:
        return addresses
    return [*addresses, f"[::1]:{port}"]
