"""Where sources disagree or are silent, a switch chooses: both ways are shown here, the default first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import pytest

from sandbox_client import Client, a_line, an_invoice
from xero_openapi import assumed
from xero_sandbox.readings import READINGS, Readings
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"
TOBIAS = "tobias@wattlerow.example"
PAGES = Path(__file__).parents[2] / "docs" / "xero-sandbox"
TEN_DAYS_LATER = {"PaymentTerms": {"Sales": {"Day": 10, "Type": "DAYSAFTERBILLDATE"}}}


@dataclass(frozen=True)
class Asking:
    """What a question needs: the sandbox, and a client of its British organisation."""

    sandbox: RunningSandbox
    xero: Client

    def told(self, method: str, path: str, body: object = None, **headers: str | None) -> str:
        """Return the status, and the first message if it refuses."""
        reply = self.xero.call(method, path, body, **headers)
        if reply.status_code != 400:
            return str(reply.status_code)
        body_ = reply.json()
        elements = body_.get("Elements") or [{"ValidationErrors": [{"Message": f"on top: {body_['Message']}"}]}]
        return f"400 {elements[0]['ValidationErrors'][0]['Message']}"

    def status_of(self, number: str) -> int:
        return self.xero.call("GET", f"/Invoices/{number}").status_code

    def used_this_minute(self) -> int:
        used: int = self.sandbox.limits()["organisations"][0]["minute_used"]
        return used


def name_in_use(ask: Asking) -> object:
    ask.xero.contact("Bramble Books")
    return ask.told("POST", "/Contacts", {"Name": "Bramble Books", "FirstName": "Ida"}).partition(" X")[0][:40]


def words_of_a_name_in_use(ask: Asking) -> object:
    ask.xero.contact("Bramble Books")
    return ask.told("PUT", "/Contacts", {"Name": "Bramble Books"})[:33]


def restoring(ask: Asking) -> object:
    path = f"/Contacts/{ask.xero.contact('Bramble Books')}"
    ask.xero.post(path, {"ContactStatus": "ARCHIVED"})
    return ask.told("POST", path, {"ContactStatus": "ACTIVE"})[:29]


def mixed_batch(ask: Asking) -> object:
    batch = [an_invoice(InvoiceNumber="K-1"), an_invoice(InvoiceNumber="K-2", LineItems=[])]
    return (ask.told("PUT", "/Invoices", {"Invoices": batch})[:3], ask.status_of("K-1"))


def key_clash(ask: Asking) -> object:
    ask.xero.call("PUT", "/Contacts", {"Name": "First"}, Idempotency_Key="k1")
    return ask.told("PUT", "/Contacts", {"Name": "Second"}, Idempotency_Key="k1")[:27]


def tax_over_price(ask: Asking) -> object:
    return ask.told("PUT", "/Invoices", an_invoice(LineItems=[a_line(TaxAmount=100.01)]))


def half_a_negative_cent(ask: Asking) -> object:
    """-0.5 x 0.05 is -0.025; its tax of 20 % on -0.03 or -0.02 rounds without a half."""
    lines = [a_line(), a_line(Quantity=-0.5, UnitAmount=0.05)]
    return [str(one["LineAmount"]) for one in ask.xero.invoice(LineItems=lines)["LineItems"]]


def due_date_by_terms(ask: Asking) -> object:
    made = ask.xero.put("/Contacts", {"Name": "Bramble Books", **TEN_DAYS_LATER})["Contacts"][0]
    asked = an_invoice(InvoiceNumber="K-1", DueDate=None, Contact={"ContactID": made["ContactID"]})
    told = ask.told("PUT", "/Invoices", asked)
    return told if told != "200" else ask.xero.get("/Invoices/K-1")["Invoices"][0]["DueDateString"]


def number_of_a_deleted_draft(ask: Asking) -> object:
    made = ask.xero.invoice(InvoiceNumber="K-1", Status="DRAFT")
    ask.xero.post(f"/Invoices/{made['InvoiceID']}", {"Status": "DELETED"})
    return ask.told("PUT", "/Invoices", an_invoice(InvoiceNumber="K-1"))


def draft_in_a_locked_period(ask: Asking) -> object:
    ask.sandbox.bookkeeper("Harbour & Finch Ltd", "set lock date", date="2026-10-31")
    return ask.told("PUT", "/Invoices", an_invoice(Status="DRAFT", Date="2026-10-01"))[:39]


def number_of_a_voided_invoice(ask: Asking) -> object:
    made = ask.xero.invoice(InvoiceNumber="K-1")
    ask.xero.post(f"/Invoices/{made['InvoiceID']}", {"Status": "VOIDED"})
    return ask.told("PUT", "/Invoices", an_invoice(InvoiceNumber="K-1"))


def is_newer_after_a_payment(ask: Asking) -> object:
    before = ask.xero.invoice(InvoiceNumber="K-1")
    ask.sandbox.advance(60)
    ask.xero.put("/Payments", a_payment(before["InvoiceID"]))
    after = ask.xero.get("/Invoices/K-1")["Invoices"][0]
    return (after["AmountPaid"], after["UpdatedDateUTC"] != before["UpdatedDateUTC"])


def deleted_payments(ask: Asking) -> object:
    made = ask.xero.put("/Payments", a_payment(ask.xero.invoice()["InvoiceID"]))["Payments"][0]
    ask.xero.post(f"/Payments/{made['PaymentID']}", {"Status": "DELETED"})
    return made["PaymentID"] in [one["PaymentID"] for one in ask.xero.get("/Payments")["Payments"]]


def the_second_itself(ask: Asking) -> object:
    moment = ask.xero.invoice(InvoiceNumber="K-1")["UpdatedDateUTCString"].removesuffix("Z")
    return len(ask.xero.get("/Invoices?InvoiceNumbers=K-1&page=1", If_Modified_Since=moment)["Invoices"])


def nothing_newer(ask: Asking) -> object:
    reply = ask.xero.call("GET", "/Invoices", If_Modified_Since="2099-01-01T00:00:00")
    return (reply.status_code, len(reply.content) > 0)


def items_with_the_scope_of_invoices(ask: Asking) -> object:
    return with_scope(ask, "accounting.invoices", "/Items").status_code


def without_a_scope(ask: Asking) -> object:
    reply = with_scope(ask, "accounting.contacts", "/Invoices")
    return (reply.status_code, reply.json()["Detail"])


def egress_of_a_write(ask: Asking) -> object:
    ask.sandbox.limits(egress_bytes=0)
    ask.xero.contact("Bramble Books")
    return ask.sandbox.limits()["egress_bytes"] > 0


def calls_over_the_limit(ask: Asking) -> object:
    ask.sandbox.limits(minute_used=60)
    return (ask.told("GET", "/Organisation"), ask.used_this_minute())


def ninety_seconds_of_calls(ask: Asking) -> object:
    """A call, 59 after 45 s, 2 after 30 s more: a fixed window has begun anew, a rolling one holds 59."""
    statuses = [ask.xero.call("GET", "/Organisation").status_code]
    ask.sandbox.advance(45)
    statuses.append([ask.xero.call("GET", "/Organisation").status_code for _ in range(59)][-1])
    ask.sandbox.advance(30)
    return [*statuses, [ask.xero.call("GET", "/Organisation").status_code for _ in range(2)][-1]]


def app_wide_limit(ask: Asking) -> object:
    with ask.sandbox.changing() as world:
        ask.xero.call("GET", "/Organisation")
        world.limits = ask.sandbox.world().limits
        for window in world.limits.app_minutes.values():
            window.used = 10_000
    return ask.xero.call("GET", "/Organisation").headers["X-Rate-Limit-Problem"]


def offline(ask: Asking) -> object:
    ask.sandbox.bookkeeper("Harbour & Finch Ltd", "go offline")
    reply = ask.xero.call("GET", "/Invoices")
    return (reply.status_code, reply.headers["Content-Type"].partition(";")[0])


def large_body(ask: Asking) -> object:
    return ask.told("PUT", "/Contacts", {"Name": "Bramble Books", "Unknown": "x" * 4_000_000})


def large_file(ask: Asking) -> object:
    invoice = ask.xero.invoice()
    return ask.told("PUT", f"/Invoices/{invoice['InvoiceID']}/Attachments/a.bin", b"x" * 11_000_000)


def with_scope(ask: Asking, scope: str, path: str) -> httpx2.Response:
    """Ask as another person: scopes add up over the consents of one."""
    asked = {"email": TOBIAS, "organisations": ["Wattle Row Pty Ltd"], "scopes": scope}
    granted = ask.sandbox.door("POST", "/grants", asked)
    bearer = f"Bearer {granted['access_token']}"
    return ask.xero.call("GET", path, Authorization=bearer, xero_tenant_id=granted["tenant_ids"][0])


def refresh_twice(ask: Asking) -> object:
    granted = ask.sandbox.grant()
    form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    app = (granted["client_id"], granted["client_secret"])
    first, again = (httpx2.post(f"{ask.sandbox.url}/connect/token", data=form, auth=app).json() for _ in range(2))
    return bool(first["refresh_token"] == again["refresh_token"])


def a_payment(invoice_id: str) -> dict[str, object]:
    return {"Invoice": {"InvoiceID": invoice_id}, "Account": {"Code": "090"}, "Date": "2026-10-06", "Amount": 20}


TAKEN, UNIQUE = "200", "400 Invoice # must be unique."
TWO_WAYS: dict[str, tuple[Callable[[Asking], object], object, object]] = {  # what is seen while it is on, and off
    "post_contact_by_name_updates": (name_in_use, TAKEN, "400 The contact name Bramble Books is al"),
    "older_duplicate_words": (
        words_of_a_name_in_use,
        "400 The Contact Name already exis",
        "400 The contact name Bramble Book",
    ),
    "archived_contacts_can_be_restored": (restoring, TAKEN, "400 The specified contact det"),
    "mixed_batch_saves_good": (mixed_batch, ("400", 200), ("400", 404)),
    "key_clash_on_top": (key_clash, "400 on top: Idempotency Key", "400 Idempotency Key: k1 is "),
    "tax_amount_over_price_is_refused": (
        tax_over_price,
        "400 The TaxAmount must not be greater than the UnitAmount",
        TAKEN,
    ),
    "negative_halves_round_up": (half_a_negative_cent, ["100.00", "-0.02"], ["100.00", "-0.03"]),
    "terms_fill_due_date": (due_date_by_terms, "2026-10-15T00:00:00", "400 DueDate must be specified"),
    "deleted_numbers_are_free": (number_of_a_deleted_draft, TAKEN, UNIQUE),
    "voided_number_is_not_modifiable": (
        number_of_a_voided_invoice,
        "400 Invoice not of valid status for modification",
        UNIQUE,
    ),
    "drafts_pass_locks": (draft_in_a_locked_period, TAKEN, "400 The document date cannot be before "),
    "payments_touch_their_document": (is_newer_after_a_payment, (20, True), (20, False)),
    "deleted_payments_are_listed": (deleted_payments, True, False),
    "modified_since_is_inclusive": (the_second_itself, 1, 0),
    "nothing_modified_is_304": (nothing_newer, (304, False), (200, True)),
    "items_need_settings_scope": (items_with_the_scope_of_invoices, 401, 200),
    "missing_scope_is_403": (
        without_a_scope,
        (403, "AuthorizationUnsuccessful"),
        (401, "AuthorizationUnsuccessful"),
    ),
    "writes_count_as_egress": (egress_of_a_write, True, False),
    "limits_roll": (ninety_seconds_of_calls, [200, 200, 429], [200, 200, 200]),
    "calls_over_a_limit_count": (calls_over_the_limit, ("429", 61), ("429", 60)),
    "app_minute_has_a_hyphen": (app_wide_limit, "app-minute", "appminute"),
    "offline_is_json": (offline, (503, "application/json"), (503, "text/plain")),
    "bodies_up_to_10_mb": (large_body, TAKEN, "413"),
    "files_up_to_25_mb": (large_file, TAKEN, "413"),
    "grace_repeats_the_answer": (refresh_twice, True, False),
}
SHOWN_ELSEWHERE = {
    "concurrent_says_how_long": "test_gate.py",
    "webhooks_retry_every_15_minutes": "webhooks/test_delivering.py",
}


@pytest.mark.parametrize("name", TWO_WAYS)
@pytest.mark.parametrize("is_on", [True, False], ids=["on", "off"])
def test_a_reading_can_be_switched(sandbox: RunningSandbox, xero: Client, name: str, is_on: bool) -> None:
    look, on, off = TWO_WAYS[name]
    sandbox.door("PUT", "/readings", {name: is_on})

    assert look(Asking(sandbox, xero)) == (on if is_on else off)


def test_every_reading_is_shown_both_ways_explained_and_documented() -> None:
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES.glob("*.md"))
    shown = {name for name, file in SHOWN_ELSEWHERE.items() if name in (Path(__file__).parent / file).read_text()}

    assert set(asdict(Readings())) == set(READINGS) == set(TWO_WAYS) | shown
    assert [name for name in READINGS if f"`{name}`" not in told] == []


def test_a_reading_that_is_none_is_refused_with_a_sentence(sandbox: RunningSandbox) -> None:
    reply = httpx2.put(f"{sandbox.url}/_sandbox/readings", json={"mixed_batch_saves_good": "yes"}, timeout=5)

    assert reply.status_code == 400
    assert "A reading is true or false." in reply.json()["error"]


def test_the_list_of_what_is_assumed_is_current() -> None:
    """When this fails, run the command at the top of the page."""
    written = assumed.PAGE.read_text(encoding="utf-8")

    assert assumed.page() == written
    assert written.count("assumed") > 80
