"""Keys can be changed while everything runs, and a key that is needed is named."""

from __future__ import annotations

import base64
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_django import Settings

from builders import an_administrator
from connections.walking import NOW, begin, connect, refresh_token
from keito_books.connections.models import Grant
from keito_books.connections.rotation import keys_in_use, reseal_all
from keito_books.connections.tokens import access_for
from xero_sandbox.testing import RunningSandbox


def a_key(key_id: str, byte: int) -> str:
    return f"{key_id}:{base64.b64encode(bytes([byte]) * 32).decode()}"


OLD, NEW = a_key("old", 1), a_key("new", 2)


def said() -> str:
    out = StringIO()
    call_command("reseal_tokens", stdout=out)
    return out.getvalue()


@pytest.mark.fault("F90")
@pytest.mark.django_db
def test_tokens_move_to_the_new_key_and_the_old_one_may_go(sandbox: RunningSandbox, settings: Settings) -> None:
    settings.TOKEN_KEYS = OLD
    connection = connect(an_administrator())
    token = refresh_token(connection)
    settings.TOKEN_KEYS = f"{NEW},{OLD}"

    told = said()
    settings.TOKEN_KEYS = NEW

    assert told == "1 token set moved to key new.\nKey old may be removed.\n"
    assert refresh_token(connection) == token
    assert access_for(connection, now=NOW, record=lambda _: None).access_token


@pytest.mark.fault("F90")
@pytest.mark.django_db
def test_moving_twice_moves_once(sandbox: RunningSandbox, settings: Settings) -> None:
    settings.TOKEN_KEYS = OLD
    connect(an_administrator())
    settings.TOKEN_KEYS = f"{NEW},{OLD}"

    assert (reseal_all(), reseal_all()) == (1, 0)


@pytest.mark.django_db
def test_a_key_that_still_protects_something_is_to_be_kept(sandbox: RunningSandbox, settings: Settings) -> None:
    settings.TOKEN_KEYS = OLD
    begin(an_administrator())  # a verifier, sealed for ten minutes
    settings.TOKEN_KEYS = f"{NEW},{OLD}"

    assert "Key old still protects 1 row: keep it." in said()
    assert keys_in_use() == {"old": 1}


@pytest.mark.django_db
def test_a_missing_key_is_named_and_what_it_protects_is_left_alone(sandbox: RunningSandbox, settings: Settings) -> None:
    settings.TOKEN_KEYS = OLD
    connect(an_administrator())
    before = bytes(Grant.objects.get().sealed_refresh_token)
    settings.TOKEN_KEYS = NEW

    assert "Key old is missing, and 1 row(s) can't be opened without it." in said()
    assert bytes(Grant.objects.get().sealed_refresh_token) == before


def problems() -> set[str | None]:
    return {each.id for each in run_checks()}


def test_usable_keys_are_no_problem(settings: Settings) -> None:
    settings.TOKEN_KEYS = OLD

    assert not problems() & {"keito_books.E006", "keito_books.E007"}


@pytest.mark.fault("F91")
def test_unusable_keys_are_a_problem_before_anything_starts(settings: Settings) -> None:
    settings.TOKEN_KEYS = "short:" + base64.b64encode(bytes(16)).decode()

    assert "keito_books.E006" in problems()


def test_the_demo_key_is_a_problem_in_production_only(settings: Settings) -> None:
    settings.TOKEN_KEYS = f"{NEW},{a_key('demo', 3)}"
    before = problems()
    settings.PRODUCTION = True

    assert "keito_books.E007" not in before
    assert "keito_books.E007" in problems()
