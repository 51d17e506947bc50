"""Xero's own SDKs, unmodified, understand what the sandbox answers: each value is compared."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sdk_environments import node_modules, python_environment
from xero_sandbox.testing import RunningSandbox

HERE = Path(__file__).parent
PAGE = Path(__file__).resolve().parents[3] / "docs" / "xero-sandbox" / "sdks.md"
DRIVE_SECONDS = 60
SCOPES = (
    "openid profile email offline_access accounting.invoices accounting.payments accounting.contacts "
    "accounting.settings.read accounting.attachments"
)
# 20 % of 100.00 and of 3 times 33.33 = 99.99, whose 19.998 is rounded up.
EXPECTED = {
    "refreshed": True,
    "connections": [["Harbour & Finch Ltd", "ORGANISATION", True]],
    "organisation": ["Harbour & Finch Ltd", "GBP", "UK"],
    "account": ["Sales", "REVENUE", "OUTPUT2"],
    "tax_rate": ["20% (VAT on Income)", "20.00"],
    "tracking": [["Department", 4], ["Region", 5]],
    "contact": ["Bramble Books", "post@bramble.example", "ACTIVE"],
    "batch": [
        ["OK", False, []],
        ["ERROR", True, ["Account code 'nope' is not a valid code for this document."]],
        ["OK", False, []],
    ],
    "totals": [["100.00", "20.00", "120.00"], ["99.99", "20.00", "119.99"]],
    "replayed": True,
    "refused": "Invoice # must be unique.",
    "payment": ["50.00", "AUTHORISED", "70.00", "2026-10-05"],
    "deleted": ["DELETED", "120.00"],
    "credit": ["30.00", "30.00", "30.00"],
    "attachment": ["plan.txt", 6],
    "fetched": "a plan",
    "voided": "VOIDED",
    "pages": [[["SDK-1", "AUTHORISED", 1]], [["SDK-3", "VOIDED", 1]], []],
}


@pytest.mark.timeout(400)
def test_xero_python_understands_each_value(sandbox: RunningSandbox) -> None:
    python = python_environment()

    told = drive(sandbox, [str(python), "-I", str(HERE / "python" / "drive.py")])

    assert told == EXPECTED


@pytest.mark.timeout(400)
@pytest.mark.skipif(shutil.which("npm") is None, reason="xero-node needs Node.js with npm, which is not on the PATH")
def test_xero_node_understands_each_value(sandbox: RunningSandbox) -> None:
    modules = node_modules()

    told = drive(
        sandbox,
        ["node", "--require", str(HERE / "node" / "aim.js"), str(HERE / "node" / "drive.js")],
        NODE_PATH=str(modules),
        XERO_SANDBOX_URL=sandbox.url,
    )

    assert told == EXPECTED


def test_the_page_shows_the_aim_that_is_tested() -> None:
    [shown] = re.findall(r"```js\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    assert shown == (HERE / "node" / "aim.js").read_text(encoding="utf-8")


def drive(sandbox: RunningSandbox, command: list[str], **environment: str) -> dict[str, Any]:
    granted = sandbox.grant(["Harbour & Finch Ltd"], SCOPES)
    token = {name: granted[name] for name in ("access_token", "refresh_token", "expires_in")}
    given = {
        "url": sandbox.url,
        "client_id": granted["client_id"],
        "client_secret": granted["client_secret"],
        "tenant_id": granted["tenant_ids"][0],
        "token": {**token, "token_type": "Bearer", "scope": SCOPES.split()},
    }
    done = subprocess.run(
        command,
        input=json.dumps(given),
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=DRIVE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told
