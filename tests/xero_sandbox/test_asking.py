"""The script that would ask a real demo company, asked of the sandbox itself."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sandbox_client import Client
from xero_sandbox.asking.__main__ import ask_all
from xero_sandbox.asking.api import Api, CannotAsk
from xero_sandbox.asking.questions import QUESTIONS
from xero_sandbox.testing import RunningSandbox


@pytest.fixture
def api(sandbox: RunningSandbox, xero: Client) -> Api:
    return Api(sandbox.url, xero.token, xero.tenant_id, pause=sandbox.advance)


def test_the_sandbox_answers_what_the_questions_say_it_assumes(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    differing = ask_all(api)

    shown = capsys.readouterr().out
    assert differing == [], shown
    assert sum(line.startswith("same ") for line in shown.splitlines()) == len(QUESTIONS)
    assert "0 of 20 answers differ" in shown


def test_another_answer_is_shown_beside_what_was_assumed(
    sandbox: RunningSandbox, api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.door("PUT", "/readings", {"mixed_batch_saves_good": True})

    assert ask_all(api) == ["2"]
    shown = capsys.readouterr().out
    assert "DIFFERS   2  one valid and one invalid invoice, errors summarised: 400, the valid one is saved" in shown
    assert "the sandbox assumes: 400, the valid one is not saved" in shown


def test_only_a_demo_company_is_asked(sandbox: RunningSandbox, xero: Client, api: Api) -> None:
    with sandbox.changing() as world:
        world.organisations[xero.tenant_id].is_demo = False

    with pytest.raises(CannotAsk, match="is no demo company"):
        ask_all(api)

    assert [one["path"] for one in sandbox.requests()] == ["/api.xro/2.0/Organisation"]


def test_a_token_that_opens_nothing_is_one_sentence(sandbox: RunningSandbox, xero: Client) -> None:
    with pytest.raises(CannotAsk, match=r"cannot be read \(401"):
        ask_all(Api(sandbox.url, "nothing", xero.tenant_id))


def test_a_token_does_not_travel_in_the_clear() -> None:
    with pytest.raises(CannotAsk, match="is not https"):
        Api("http://api.xero.com", "token", "tenant")


def test_a_token_does_not_follow_a_redirect(sandbox: RunningSandbox, api: Api) -> None:
    sandbox.fault("GET /Organisation", "answer a redirect")

    assert api.call("GET", "/Organisation").status == 307
    assert len(sandbox.requests()) == 1


def test_without_a_token_the_command_says_where_it_goes() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "XERO_TOKEN"}
    asked = subprocess.run(
        [sys.executable, "-m", "xero_sandbox.asking", "--tenant", "x"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )

    assert (asked.returncode, asked.stdout) == (1, "")
    assert "XERO_TOKEN" in asked.stderr
