"""The pages show what is there, work without script, and are open to all."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any, Literal

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from sandbox_client import Client, a_line
from webhook_receiver import Receiver, webhook_receiver
from xero_sandbox.seeds.demo import DEMO_CLIENT_ID
from xero_sandbox.testing import RunningSandbox

BRITISH_ID = "5f3c1e70-9a41-4c0e-8b55-0d2f6e1a7c01"


def page(sandbox: RunningSandbox, path: str) -> str:
    reply = httpx2.get(f"{sandbox.url}/_sandbox{path}", timeout=5)
    assert reply.status_code == 200
    return reply.text


def test_an_invoice_shows_its_lines_payments_and_history(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-1", Reference="<PO> 7", Contact={"Name": 'Zoë & "Sons"'})
    sandbox.bookkeeper("Harbour & Finch Ltd", "pay invoice", invoice="K-1", amount=20, reference="KP-1")

    shown = page(sandbox, f"/invoices/{invoice['InvoiceID']}")

    for text in (
        "K-1",
        "&lt;PO&gt; 7",
        "Zoë &amp; &quot;Sons&quot;",
        "Consulting",
        "120.00",
        "KP-1",
        "Payment received",
    ):
        assert text in shown


def test_an_organisation_lists_what_matches_the_search(sandbox: RunningSandbox) -> None:
    shown = page(sandbox, f"/organisations/{BRITISH_ID}?q=pennine")

    assert "HF-0033" in shown
    assert "HF-0031" not in shown


def test_every_page_says_that_it_is_not_xero(sandbox: RunningSandbox, xero: Client) -> None:
    xero.invoice()
    for path in ("/", "/log", "/log/1", "/usage", "/controls", "/deliveries", f"/organisations/{BRITISH_ID}"):
        assert "not Xero. Nothing here is real." in page(sandbox, path)


def test_the_clock_and_faults_are_switched_by_plain_forms(sandbox: RunningSandbox) -> None:
    before = sandbox.now()
    moved = httpx2.post(f"{sandbox.url}/_sandbox/controls/clock", data={"seconds": "3600"}, timeout=5)
    asked = {"route": "PUT /Invoices", "then": "answer 500", "times": "2"}
    added = httpx2.post(f"{sandbox.url}/_sandbox/controls/faults", data=asked, timeout=5)

    assert (moved.status_code, added.status_code) == (303, 303)
    assert (sandbox.now() - before).total_seconds() > 3599
    assert [one["then"] for one in sandbox.door("GET", "/faults")["faults"]] == ["answer 500"]
    assert "answer 500" in page(sandbox, "/controls")


def press(sandbox: RunningSandbox, path: str, **form: str) -> httpx2.Response:
    return httpx2.post(f"{sandbox.url}/_sandbox{path}", data=form, timeout=10)


def test_a_fault_can_be_described_in_full(sandbox: RunningSandbox) -> None:
    form = {"route": "* /Invoices/{id}", "then": "answer 429", "problem": "day", "percent": "25", "seed": "7"}

    added = press(sandbox, "/controls/faults", **form, skip="2", forever="on", seconds="")

    [fault] = sandbox.door("GET", "/faults")["faults"]
    assert added.status_code == 303
    assert (fault["problem"], fault["probability"], fault["seed"], fault["skip"]) == ("day", 0.25, 7, 2)
    assert fault["times"] is None
    assert "day, 25 % of calls, seed 7, after 2 calls" in page(sandbox, "/controls")


def test_a_batch_can_be_cut_after_its_first_elements_from_the_page(sandbox: RunningSandbox) -> None:
    press(sandbox, "/controls/faults", route="PUT /Invoices", then="close after saving the first", first="2")

    assert "close after saving the first 2" in page(sandbox, "/controls")


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        ("/controls/faults", {"route": "Invoices", "then": "answer 500"}, "is not a method and a path"),
        ("/controls/clock", {"to": "1066-10-14T09:00"}, "its years are 2000 to 2900"),
        ("/controls/clock", {"seconds": "soon"}, "its years are 2000 to 2900"),
        ("/controls/reading", {"name": "mood"}, "no such reading"),
        ("/deliveries", {"url": "https://example.com/"}, "is not this machine"),
        ("/deliveries/press", {"do": "send"}, "no such subscription"),
        (f"/organisations/{BRITISH_ID}", {"do": "dance"}, "must be one of"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_page(
    sandbox: RunningSandbox, path: str, form: dict[str, str], told: str
) -> None:
    reply = press(sandbox, path, **form)

    assert reply.status_code == 400
    assert told in reply.text
    assert 'role="alert"' in reply.text


def test_the_clock_goes_to_a_moment_and_stands_still(sandbox: RunningSandbox) -> None:
    press(sandbox, "/controls/clock", hold="freeze")
    press(sandbox, "/controls/clock", to="2027-01-31T09:30:00")

    assert sandbox.now().isoformat() == "2027-01-31T09:30:00+00:00"
    assert "31 Jan 2027 09:30:00 UTC" in page(sandbox, "/controls")
    assert "it stands still" in page(sandbox, "/controls")


def test_a_reading_is_switched_on_and_off(sandbox: RunningSandbox) -> None:
    states = []
    for _ in range(2):
        press(sandbox, "/controls/reading", name="nothing_modified_is_304")
        states.append(sandbox.door("GET", "/readings")["nothing_modified_is_304"])

    assert states == [True, False]


def test_the_log_is_searched_by_what_it_shows_and_not_by_its_secrets(sandbox: RunningSandbox, xero: Client) -> None:
    xero.invoice(InvoiceNumber="K-4711")
    xero.contact("Wharfedale Glass Ltd")

    by_body = page(sandbox, "/log?q=k-4711")
    by_token = page(sandbox, f"/log?q={xero.token}")

    assert "PUT /api.xro/2.0/Invoices" in by_body
    assert "PUT /api.xro/2.0/Contacts" not in by_body
    assert "/api.xro/2.0/" not in by_token


def test_a_search_looks_through_all_organisations(sandbox: RunningSandbox) -> None:
    found, nothing = page(sandbox, "/?q=pennine authorised"), page(sandbox, "/?q=pennine voided")

    assert "HF-0033" in found
    assert "Wattle Row" not in found
    assert "Nothing holds all the words of “pennine voided”." in nothing


def test_a_credit_note_shows_its_lines_allocations_and_history(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-1")
    note = sandbox.bookkeeper("Harbour & Finch Ltd", "credit invoice", invoice="K-1", amount=20)

    shown = page(sandbox, f"/credits/{note['credit_note_id']}")

    for text in (
        "Credit note CN-0001",
        "Credit for K-1",
        f"/invoices/{invoice['InvoiceID']}",
        "20.00 GBP",
        "Allocated",
    ):
        assert text in shown
    assert f"/credits/{note['credit_note_id']}" in page(sandbox, f"/invoices/{invoice['InvoiceID']}")
    assert f"/credits/{note['credit_note_id']}" in page(sandbox, f"/organisations/{BRITISH_ID}")


def test_an_overpayment_leads_to_the_bank_transaction_that_made_it(sandbox: RunningSandbox, xero: Client) -> None:
    line = a_line(AccountCode="610", Description="Paid too much")
    asked = {"Type": "RECEIVE-OVERPAYMENT", "BankAccount": {"Code": "090"}, "LineItems": [line]}
    made = xero.put("/BankTransactions", asked | {"Contact": {"Name": "Bluebell Bakeries Ltd"}})["BankTransactions"][0]
    bank_path = f"/bank-transactions/{made['BankTransactionID']}"

    credit_path = f"/credits/{made['OverpaymentID']}"

    assert "Paid too much" in page(sandbox, bank_path)
    assert credit_path in page(sandbox, bank_path)
    assert bank_path in page(sandbox, credit_path)
    assert bank_path in page(sandbox, f"/organisations/{BRITISH_ID}")


def test_buttons_do_what_a_bookkeeper_does(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-1")
    contact_id = xero.contact("Old Name Ltd")

    press(sandbox, f"/invoices/{invoice['InvoiceID']}", do="pay invoice")
    press(sandbox, f"/contacts/{contact_id}", do="rename contact", name="New Name Ltd")
    press(sandbox, f"/contacts/{contact_id}", do="archive contact", name="New Name Ltd")
    press(sandbox, f"/organisations/{BRITISH_ID}", do="set lock date", date="2026-09-30")
    contact = xero.get(f"/Contacts/{contact_id}")["Contacts"][0]

    assert xero.get("/Invoices/K-1")["Invoices"][0]["Status"] == "PAID"
    assert (contact["Name"], contact["ContactStatus"]) == ("New Name Ltd", "ARCHIVED")
    assert "30 Sep 2026" in page(sandbox, f"/organisations/{BRITISH_ID}")


def test_a_button_that_comes_too_late_says_so(sandbox: RunningSandbox, xero: Client) -> None:
    invoice = xero.invoice(InvoiceNumber="K-1", Status="DRAFT")

    reply = press(sandbox, f"/invoices/{invoice['InvoiceID']}", do="pay invoice")

    assert reply.status_code == 400
    assert "K-1 is DRAFT with 120.00 due: 120.00 cannot be paid." in reply.text


class TestDeliveries:
    def test_an_app_is_subscribed_and_every_delivery_shows_what_came_of_it(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        press(sandbox, "/deliveries", url=receiver.url, INVOICE="on")
        receiver.key = sandbox.door("GET", "/webhooks")["subscriptions"][0]["key"]
        press(sandbox, "/deliveries/press", do="confirm", client_id=DEMO_CLIENT_ID)
        xero.invoice()
        receiver.wait_for_events(1)
        press(sandbox, "/deliveries/press", do="send", client_id=DEMO_CLIENT_ID)

        shown = page(sandbox, "/deliveries")

        for text in ("Keito Books", "Ok", receiver.url, "1 × INVOICE CREATE", "sequence 1", "valid", "forged", "taken"):
            assert text in shown
        assert "&quot;firstEventSequence&quot;: 1" in shown
        assert "CONTACT," not in shown

    def test_retries_and_trouble_are_told(self, sandbox: RunningSandbox, xero: Client, receiver: Receiver) -> None:
        sandbox.door("POST", "/webhooks", {"url": receiver.url, "key": receiver.key})
        press(sandbox, "/deliveries/press", do="trouble", then="drop", client_id=DEMO_CLIENT_ID)
        xero.contact("First")
        press(sandbox, "/deliveries/press", do="send", client_id=DEMO_CLIENT_ID)
        receiver.status = 503
        xero.contact("Second")
        receiver.wait_for_batches(2)
        press(sandbox, "/deliveries/press", do="send", client_id=DEMO_CLIENT_ID)

        shown = page(sandbox, "/deliveries")

        for text in ("dropped", "never sent", "Next attempt", "503"):
            assert text in shown
        assert [one["attempt"] for one in deliveries(sandbox)[-2:]] == [1, 2]

    def test_a_delivery_is_sent_again_from_the_page(
        self, sandbox: RunningSandbox, xero: Client, receiver: Receiver
    ) -> None:
        sandbox.door("POST", "/webhooks", {"url": receiver.url, "key": receiver.key})
        xero.contact("First")
        receiver.wait_for_batches(1)
        press(sandbox, "/deliveries/press", do="send", client_id=DEMO_CLIENT_ID)
        number = deliveries(sandbox)[-1]["number"]

        press(sandbox, "/deliveries/press", do="again", delivery=str(number), client_id=DEMO_CLIENT_ID)

        assert [one["kind"] for one in deliveries(sandbox)[-2:]] == ["events", "replayed"]
        assert receiver.batches[0] == receiver.batches[1]


def deliveries(sandbox: RunningSandbox) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = sandbox.door("GET", "/webhooks")["subscriptions"][0]["deliveries"]
    return kept


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook_receiver() as receiver:
        yield receiver


def test_another_website_cannot_press_the_buttons(sandbox: RunningSandbox) -> None:
    reply = httpx2.post(f"{sandbox.url}/_sandbox/reset", headers={"Sec-Fetch-Site": "cross-site"}, timeout=5)

    assert reply.status_code == 403


def test_pages_run_no_script_and_fetch_nothing_from_afar(sandbox: RunningSandbox) -> None:
    reply = httpx2.get(f"{sandbox.url}/_sandbox/controls", timeout=5)

    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert not re.search(r"<script|style=|https?://(?!127)", reply.text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("KEITO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "These tests need Chromium: install it, or name it in KEITO_CHROMIUM"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_has_an_accessibility_violation_or_is_wider_than_the_screen(
    sandbox: RunningSandbox,
    xero: Client,
    receiver: Receiver,
    browser: Browser,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    invoice = xero.invoice(InvoiceNumber="K-1")
    note = sandbox.bookkeeper("Harbour & Finch Ltd", "credit invoice", invoice="K-1", amount=20)
    sandbox.fault("PUT /Invoices", "answer 500")
    sandbox.door("POST", "/webhooks", {"url": receiver.url, "key": receiver.key})
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    view = context.new_page()
    paths = (
        "/",
        "/?q=bluebell",
        f"/organisations/{BRITISH_ID}",
        f"/invoices/{invoice['InvoiceID']}",
        f"/contacts/{invoice['Contact']['ContactID']}",
        f"/credits/{note['credit_note_id']}",
        "/log",
        "/log/1",
        "/usage",
        "/controls",
        "/deliveries",
    )

    found = {}
    for path in paths:
        view.goto(f"{sandbox.url}/_sandbox{path}")
        view.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        results = Axe().run(view)
        if results.violations_count:
            found[path] = results.generate_report()
        if view.evaluate("document.documentElement.scrollWidth") > width:
            found[path] = "wider than the screen"
    context.close()

    assert found == {}
