"""The one place that opens sockets, against servers that misbehave on a real socket."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keito_books.accounting.errors import OutcomeUnknown, ProviderError, TryAgainLater
from keito_books.providers.http import Exchange, Http, Reply, Request
from keito_books.providers.settings import ProviderSettings
from providers.raw_server import answer, plain_reply, raw_server

SETTINGS = ProviderSettings(
    client_id="id", client_secret="secret", connect_seconds=0.5, read_seconds=0.5, total_seconds=1.0
)
TOKEN = "canary-0123456789abcdef"


def a_request(url: str, *, is_write: bool = False) -> Request:
    body = b'{"Invoices":[]}' if is_write else b""
    method = "PUT" if is_write else "GET"
    return Request(method, url, {"Authorization": f"Bearer {TOKEN}"}, body, is_write=is_write, secrets=(TOKEN,))


@contextmanager
def an_http(url: str, settings: ProviderSettings = SETTINGS) -> Iterator[Http]:
    http = Http(settings, origins=frozenset((url,)))
    try:
        yield http
    finally:
        http.close()


def call(url: str, *, is_write: bool = False, settings: ProviderSettings = SETTINGS) -> Reply:
    with an_http(url, settings) as http:
        return http.call(a_request(url, is_write=is_write))


def outcome(url: str, *, is_write: bool, settings: ProviderSettings = SETTINGS) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call(url, is_write=is_write, settings=settings)
    return caught.value


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_reply_comes_back_with_lower_case_header_names() -> None:
    with raw_server(answer(plain_reply(b"[]", headers=b"X-MinLimit-Remaining: 59\r\n"))) as server:
        reply = call(server.url)

    assert (reply.status, reply.body, reply.headers["x-minlimit-remaining"]) == (200, b"[]", "59")


def test_a_connection_is_kept_for_the_next_call() -> None:
    with raw_server(lambda connection: connection.sendall(plain_reply(b"{}"))) as server:
        with an_http(server.url) as http:
            for _ in range(3):
                http.call(a_request(server.url))

        assert (server.connections, len(server.requests)) == (1, 3)


@pytest.mark.fault("F13")
@pytest.mark.parametrize("is_write", [False, True])
def test_a_refused_connection_means_that_nothing_left_us(is_write: bool) -> None:
    error = outcome(free_address(), is_write=is_write)

    assert isinstance(error, TryAgainLater)
    assert error.reason == "unreachable"


@pytest.mark.fault("F13")
@pytest.mark.parametrize("is_write", [False, True])
def test_an_unknown_host_means_that_nothing_left_us(is_write: bool) -> None:
    assert isinstance(outcome("http://nowhere.invalid", is_write=is_write), TryAgainLater)


@pytest.mark.fault("F14")
def test_a_connect_that_hangs_means_that_nothing_left_us() -> None:
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    address = full.getsockname()
    waiting = [socket.socket() for _ in range(4)]
    for each in waiting:
        each.settimeout(0)
        each.connect_ex(address)

    error = outcome(f"http://127.0.0.1:{address[1]}", is_write=True)

    for each in (full, *waiting):
        each.close()
    assert isinstance(error, TryAgainLater)


@pytest.mark.fault("F31")
def test_a_plain_server_where_tls_is_expected_means_that_nothing_left_us() -> None:
    with raw_server(answer(plain_reply(b"{}"))) as server:
        error = outcome(server.url.replace("http:", "https:"), is_write=True)

    assert isinstance(error, TryAgainLater)


MISBEHAVIOURS = {
    "hangs up without a word": answer(b""),
    "sends garbage": answer(b"\x00\xff\x13 this is not HTTP\r\n\r\n"),
    "cuts the headers": answer(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "cuts the body": answer(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
    "cuts a chunk": answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"),
    "packs as something else": answer(plain_reply(b"{}", headers=b"Content-Encoding: br\r\n")),
    "packs wrongly": answer(plain_reply(b"{}", headers=b"Content-Encoding: gzip\r\n")),
    "packs half": answer(plain_reply(gzip.compress(b"x" * 500)[:20], headers=b"Content-Encoding: gzip\r\n")),
    "never answers": lambda _: time.sleep(3),
}


@pytest.mark.fault("F18", "F20")
@pytest.mark.parametrize("script", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS.keys())
def test_a_write_without_a_whole_reply_has_an_unknown_outcome(script: object) -> None:
    with raw_server(script) as server:  # type: ignore[arg-type]  # a value of the table above
        assert isinstance(outcome(server.url, is_write=True), OutcomeUnknown)


@pytest.mark.parametrize("script", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS.keys())
def test_a_read_without_a_whole_reply_can_be_tried_again(script: object) -> None:
    with raw_server(script) as server:  # type: ignore[arg-type]  # a value of the table above
        assert isinstance(outcome(server.url, is_write=False), TryAgainLater)


def trickle(head: bytes, drop: bytes) -> object:
    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(60):
            connection.sendall(drop)
            time.sleep(0.1)

    return script


@pytest.mark.fault("F19")
@pytest.mark.parametrize(
    "script",
    [
        trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b"x"),
        trickle(b"HTTP/1.1 200 OK\r\n", b"a"),
    ],
    ids=["in its body", "in its headers"],
)
def test_a_reply_that_trickles_meets_the_deadline_of_the_whole_call(script: object) -> None:
    with raw_server(script) as server:  # type: ignore[arg-type]  # made by trickle
        started = time.monotonic()
        error = outcome(server.url, is_write=True)

    assert isinstance(error, OutcomeUnknown)
    assert time.monotonic() - started < 2


def test_silence_meets_the_deadline_of_the_whole_call_before_that_of_a_read() -> None:
    patient = replace(SETTINGS, read_seconds=5, total_seconds=0.5)
    with raw_server(lambda _: time.sleep(3)) as server:
        started = time.monotonic()
        error = outcome(server.url, is_write=True, settings=patient)

    assert isinstance(error, OutcomeUnknown)
    assert time.monotonic() - started < 2


@pytest.mark.fault("F32")
def test_a_reply_beyond_the_cap_is_given_up() -> None:
    small = replace(SETTINGS, reply_bytes_max=1000)
    with raw_server(answer(plain_reply(b"x" * 1001))) as server:
        assert isinstance(outcome(server.url, is_write=True, settings=small), OutcomeUnknown)


@pytest.mark.fault("F32")
def test_a_packed_bomb_is_given_up_at_the_cap() -> None:
    small = replace(SETTINGS, reply_bytes_max=1000)
    bomb = gzip.compress(b"0" * 50_000_000)
    with raw_server(answer(plain_reply(bomb, headers=b"Content-Encoding: gzip\r\n"))) as server:
        tracemalloc.start()
        error = outcome(server.url, is_write=False, settings=small)
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert isinstance(error, TryAgainLater)
    assert peak_bytes < 5_000_000


@pytest.mark.fault("F34")
def test_a_kept_connection_that_closes_as_we_write_leaves_the_outcome_unknown() -> None:
    def answer_once(connection: socket.socket) -> None:
        if len(server.requests) == 1:
            connection.sendall(plain_reply(b"{}"))
        else:
            connection.close()

    with raw_server(answer_once) as server, an_http(server.url) as http:
        http.call(a_request(server.url))
        with pytest.raises(OutcomeUnknown):
            http.call(a_request(server.url, is_write=True))

        assert (server.connections, len(server.requests)) == (1, 2)


@pytest.mark.fault("F31")
def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_leaves(
    own_certificate: ssl.SSLContext,
) -> None:
    heard: list[bytes] = []

    def shake_hands(connection: socket.socket) -> None:
        with suppress(OSError), own_certificate.wrap_socket(connection, server_side=True) as tls:
            heard.append(tls.recv(100))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=lambda: shake_hands(listener.accept()[0]))
        serving.start()
        error = outcome(f"https://localhost:{listener.getsockname()[1]}", is_write=True)
        serving.join(timeout=5)

    assert isinstance(error, TryAgainLater)
    assert heard == []


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """Return what a server needs whose certificate names the host rightly, but was signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kept = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kept.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept)
    return context


def test_a_packed_reply_is_unpacked() -> None:
    packed = gzip.compress(b'{"Status":"OK"}')
    with raw_server(answer(plain_reply(packed, headers=b"Content-Encoding: gzip\r\n"))) as server:
        assert call(server.url).body == b'{"Status":"OK"}'


@pytest.mark.fault("F30")
def test_a_redirect_is_not_followed() -> None:
    with raw_server(answer(plain_reply(b"{}"))) as elsewhere:
        location = b"Location: " + elsewhere.url.encode() + b"\r\n"
        with raw_server(answer(plain_reply(b"", b"307 Temporary Redirect", location))) as server:
            reply = call(server.url)

        assert reply.status == 307
        assert elsewhere.connections == 0


def test_cookies_are_not_kept() -> None:
    reply = plain_reply(b"{}", headers=b"Set-Cookie: session=1; Path=/\r\n")
    with raw_server(lambda connection: connection.sendall(reply)) as server:
        with an_http(server.url) as http:
            http.call(a_request(server.url))
            http.call(a_request(server.url))

        assert b"ookie" not in server.requests[1]


def test_only_the_hosts_of_the_provider_can_be_called() -> None:
    http = Http(SETTINGS, origins=frozenset(("https://api.xero.com",)))

    with pytest.raises(ValueError, match="not a host of this provider"):
        http.call(a_request("https://api.xero.com.evil.example/connections"))


def test_every_call_leaves_evidence_also_one_that_fails() -> None:
    seen: list[Exchange] = []
    with raw_server(answer(plain_reply(b'{"Id":1}'))) as server, an_http(server.url) as http:
        http.call(a_request(server.url + "/a?b=c"), observe=seen.append)
    address = free_address()
    with an_http(address) as http, pytest.raises(TryAgainLater):
        http.call(a_request(address), observe=seen.append)

    assert [(each.path, each.status, each.response_body) for each in seen] == [("/a?b=c", 200, '{"Id":1}'), ("", 0, "")]
    assert seen[1].problem.startswith("ConnectError")


def test_evidence_is_cut_at_64_kib() -> None:
    seen: list[Exchange] = []
    with raw_server(answer(plain_reply(b"x" * 100_000))) as server, an_http(server.url) as http:
        http.call(a_request(server.url), observe=seen.append)

    assert len(seen[0].response_body) == 64 * 1024 + 1


def test_no_token_reaches_a_record_a_log_an_error_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[Exchange] = []
    echo = plain_reply(f'{{"access_token":"abc","Detail":"Bearer {TOKEN}"}}'.encode())
    with raw_server(answer(echo)) as server:
        request = a_request(server.url)
        with an_http(server.url) as http:
            reply = http.call(request, observe=seen.append)
    error = outcome(free_address(), is_write=True)

    told = f"{seen} {request!r} {reply!r} {error!r} {error.__cause__!r} {SETTINGS!r} {caplog.text}"
    assert TOKEN not in told
    assert '"access_token":"[hidden]"' in seen[0].response_body
    assert "secret'" not in told
