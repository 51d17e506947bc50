"""What stands in the way of `run` is said in one sentence, and its secrets stay secret."""

from __future__ import annotations

import base64
import socket
import stat
from pathlib import Path

import pytest

from identities import without_rights
from keito_books.cli.errors import CommandError
from keito_books.cli.keys import key_settings, new_token_key
from keito_books.cli.plan import Plan, wants_real_xero
from keito_books.cli.ports import refuse_a_taken_port
from keito_books.cli.postgres.places import make_data_folder
from keito_books.cli.preparation import Prepared, SignIn
from keito_books.cli.reset import reset
from keito_books.cli.welcome import welcome


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0")])  # noqa: S104
def test_a_port_in_use_is_named_with_the_option_that_changes_it(family: socket.AddressFamily, host: str) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as other:
        other.bind((host, 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"^Port {port}, meant for the web pages, is in use .*--port"):
            refuse_a_taken_port(port, purpose="the web pages", option="--port")


def test_a_folder_that_takes_no_files_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)

    with without_rights(), pytest.raises(CommandError, match=r"can't write to the data folder .*--data"):
        make_data_folder(closed / "data")


def test_a_data_folder_of_another_user_is_left_to_its_owner() -> None:
    # "/" belongs to root; "/proc/self" to whoever asks: between them one is somebody else's.
    with without_rights(), pytest.raises(CommandError, match=r"belongs to root, and you are .*Start as root"):
        make_data_folder(Path("/"))


def test_keys_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    first = key_settings(tmp_path, {})
    contents = {name: Path(path).read_text() for name, path in first.items()}

    again = key_settings(tmp_path, {})

    assert sorted(first) == ["KEITO_SECRET_KEY_FILE", "KEITO_TOKEN_KEYS_FILE"]
    assert again == first
    assert {name: Path(path).read_text() for name, path in again.items()} == contents
    assert {stat.S_IMODE(Path(path).stat().st_mode) for path in first.values()} == {0o600}


def test_keys_of_the_operator_are_not_replaced(tmp_path: Path) -> None:
    assert key_settings(tmp_path, {"KEITO_SECRET_KEY": "own", "KEITO_TOKEN_KEYS_FILE": "/own"}) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_token_key_has_a_name_and_32_bytes() -> None:
    name, _, key = new_token_key().partition(":")

    assert len(name) == 8
    assert len(base64.b64decode(key)) == 32


@pytest.mark.parametrize("missing", ["XERO_CLIENT_ID", "XERO_CLIENT_SECRET"])
def test_half_of_real_xeros_settings_is_refused(missing: str) -> None:
    environ = {"XERO_CLIENT_ID": "id", "XERO_CLIENT_SECRET": "secret"}
    del environ[missing]

    with pytest.raises(CommandError, match=f"^{missing} is not set"):
        wants_real_xero(environ)


def test_with_real_xero_the_sandbox_is_not_mentioned_and_the_redirect_is(tmp_path: Path) -> None:
    plan = _plan(tmp_path, real_xero=True)
    redirect = "http://localhost:8000/settings/integrations/xero/callback/"

    text = welcome(plan, Prepared(sign_ins=[], xero_redirect=redirect))

    assert redirect in text
    assert "sandbox" not in text
    assert "XERO_SANDBOX_URL" not in plan.settings("postgresql:///x")


def test_a_newcomer_reads_where_to_go_how_to_sign_in_and_what_to_try(tmp_path: Path) -> None:
    person = SignIn("Ada Byron", "Administrator", "Lovelace & Co", "ada@example.com", "a-long-password")

    text = welcome(_plan(tmp_path), Prepared(sign_ins=[person], xero_redirect=""))

    assert "http://localhost:8000" in text
    assert "http://localhost:9400/_sandbox/" in text
    assert "ada@example.com  a-long-password  Ada Byron, Administrator of Lovelace & Co" in text
    assert "Copy to Xero" in text


def test_reset_deletes_what_run_made_and_nothing_else(data: Path) -> None:
    plan = _plan(data)
    make_data_folder(data)
    plan.settings("postgresql:///x")
    (data / "holiday.jpg").write_bytes(b"not ours")

    reset(plan, sure=True)

    assert [path.name for path in data.iterdir()] == ["holiday.jpg"]


def test_reset_does_not_empty_a_database_of_the_operator(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="DATABASE_URL names another"):
        reset(_plan(tmp_path, outside_database="postgresql://elsewhere/books"), sure=True)


def _plan(data: Path, *, real_xero: bool = False, outside_database: str | None = None) -> Plan:
    return Plan(
        data=data,
        port=8000,
        sandbox_port=9400,
        demo=True,
        outside_database=outside_database,
        real_xero=real_xero,
    )
