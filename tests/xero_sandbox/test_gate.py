"""Tokens, scopes, limits, tenants and idempotency keys: what is checked before the content."""

import threading
from uuid import uuid4

import httpx2
import pytest

from sandbox_client import Client, an_invoice
from xero_sandbox.testing import RunningSandbox

BRITISH = "Harbour & Finch Ltd"


def test_a_bad_token_is_401_before_all_else(xero: Client) -> None:
    reply = xero.call("GET", "/Invoices", Authorization="Bearer nothing")

    assert reply.status_code == 401
    assert reply.json()["Title"] == "Unauthorized"
    assert "X-MinLimit-Remaining" not in reply.headers


def test_an_expired_token_says_when_it_ended(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.advance(30 * 60)

    reply = xero.call("GET", "/Invoices")

    assert reply.status_code == 401
    assert reply.json()["Detail"].startswith("TokenExpired: token expired at ")


def test_a_missing_scope_is_401_and_named(sandbox: RunningSandbox) -> None:
    xero = Client(sandbox, scopes="accounting.contacts accounting.invoices.read")

    reading, writing = xero.call("GET", "/Invoices"), xero.call("PUT", "/Invoices", an_invoice())
    xero.http.close()

    assert reading.status_code == 200
    assert writing.status_code == 401
    assert writing.json()["Detail"] == "AuthorizationUnsuccessful"
    assert "insufficient_scope" in writing.headers["WWW-Authenticate"]


@pytest.mark.parametrize("tenant", [None, "", "5f3c1e70-9a41-4c0e-8b55-0d2f6e1a7c99", "nonsense"])
def test_a_tenant_that_is_not_connected_is_403(xero: Client, tenant: str | None) -> None:
    reply = xero.call("GET", "/Invoices", xero_tenant_id=tenant)

    assert reply.status_code == 403
    assert reply.json()["Detail"] == "AuthenticationUnsuccessful"


def test_a_disconnected_organisation_is_403(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "disconnect app")

    assert xero.call("GET", "/Organisation").status_code == 403


def test_a_person_who_may_only_read_is_refused_writes_and_the_actions_say_so(sandbox: RunningSandbox) -> None:
    xero = Client(sandbox, "Wattle Row Pty Ltd")

    reading = xero.call("GET", "/Contacts")
    writing = xero.call("PUT", "/Contacts", {"Name": "Anyone"})
    actions = {one["Name"]: one["Status"] for one in xero.get("/Organisation/Actions")["Actions"]}
    xero.http.close()

    assert reading.status_code == 200
    assert writing.status_code == 403
    assert writing.json()["Detail"].startswith("AuthorizationUnsuccessful")
    assert actions["CreateApprovedInvoice"] == "NOT-ALLOWED"


def test_a_person_for_drafts_only_cannot_approve(sandbox: RunningSandbox, xero: Client) -> None:
    sandbox.bookkeeper(BRITISH, "set role", role="invoice only")

    draft = xero.call("PUT", "/Invoices", an_invoice(Status="DRAFT"))
    approved = xero.call("PUT", "/Invoices", an_invoice())

    assert (draft.status_code, approved.status_code) == (200, 403)


def test_unknown_ids_are_404_in_html(xero: Client) -> None:
    reply = xero.call("GET", f"/Invoices/{uuid4()}")

    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.text == "The resource you're looking for cannot be found"


def test_what_is_not_imitated_says_so(xero: Client) -> None:
    reply = xero.call("GET", "/Quotes<script>")

    assert reply.status_code == 404
    assert "does not imitate GET" in reply.text
    assert "<script>" not in reply.text


def test_a_method_that_a_resource_lacks_is_501(xero: Client) -> None:
    assert xero.call("POST", "/Organisation", {}).status_code == 501


def test_xml_is_refused_in_both_directions(xero: Client) -> None:
    asking = xero.call("GET", "/Invoices", Accept="application/xml")
    sending = xero.call("PUT", "/Invoices", b"<Invoices><Invoice/></Invoices>")

    assert asking.status_code == 406
    assert "Accept: application/json" in asking.text
    assert sending.status_code == 400
    assert "JSON only" in sending.json()["Message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"Invoices":7}', b'{"Invoices":[]}', b"[[[[", b"\xff"])
def test_a_body_that_is_no_list_of_invoices_is_400(xero: Client, body: bytes) -> None:
    reply = xero.call("PUT", "/Invoices", body)

    assert reply.status_code == 400
    assert reply.json()["Type"] == "PostDataInvalidException"


def test_a_body_over_the_limit_is_refused(xero: Client) -> None:
    reply = xero.call("PUT", "/Invoices", b" " * 3_500_001)

    assert reply.status_code == 413


class TestLimits:
    def test_the_sixty_first_call_of_a_minute_is_429_without_a_body(
        self, sandbox: RunningSandbox, xero: Client
    ) -> None:
        replies = [xero.call("GET", "/Organisation") for _ in range(61)]
        last = replies[-1]

        assert [one.status_code for one in replies] == [200] * 60 + [429]
        assert [one.headers["X-MinLimit-Remaining"] for one in replies[:2]] == ["59", "58"]
        assert (last.content, "content-type" in last.headers) == (b"", False)
        assert last.headers["X-Rate-Limit-Problem"] == "minute"
        assert 1 <= int(last.headers["Retry-After"]) <= 60

        sandbox.advance(int(last.headers["Retry-After"]))
        assert xero.call("GET", "/Organisation").status_code == 200

    def test_the_day_limit_asks_for_hours(self, sandbox: RunningSandbox, xero: Client) -> None:
        xero.call("GET", "/Organisation")
        sandbox.limits(day_used=5_000)
        sandbox.advance(3600)

        refused = xero.call("GET", "/Organisation", Authorization=self.fresh(sandbox))

        assert refused.headers["X-Rate-Limit-Problem"] == "day"
        assert 82_000 < int(refused.headers["Retry-After"]) <= 82_800

    @pytest.mark.parametrize(("says_how_long", "wait"), [(False, None), (True, "1")])
    def test_five_calls_at_once_are_enough(
        self, sandbox: RunningSandbox, xero: Client, says_how_long: bool, wait: str | None
    ) -> None:
        sandbox.door("PUT", "/readings", {"concurrent_says_how_long": says_how_long})
        sandbox.fault("GET /Contacts", "answer slowly", times=5, seconds=1)
        statuses: list[int] = []
        slow = [
            threading.Thread(target=lambda: statuses.append(xero.call("GET", "/Contacts").status_code))
            for _ in range(5)
        ]
        for one in slow:
            one.start()
        deadline = threading.Event()
        while [one["status"] for one in sandbox.requests()] != [None] * 5:
            deadline.wait(0.01)

        sixth = xero.call("GET", "/Organisation")
        for one in slow:
            one.join()

        assert (sixth.status_code, sixth.headers["X-Rate-Limit-Problem"]) == (429, "concurrent")
        assert sixth.headers.get("Retry-After") == wait
        assert statuses == [200] * 5
        assert xero.call("GET", "/Organisation").status_code == 200

    def test_organisations_have_limits_of_their_own(self, sandbox: RunningSandbox, xero: Client) -> None:
        for _ in range(61):
            xero.call("GET", "/Organisation")
        other = Client(sandbox, "Kōwhai Studio")

        status = other.call("GET", "/Organisation").status_code
        other.http.close()

        assert status == 200

    @staticmethod
    def fresh(sandbox: RunningSandbox) -> str:
        return f"Bearer {sandbox.grant([BRITISH])['access_token']}"


class TestKeys:
    def test_the_same_key_and_bytes_get_the_first_reply_and_save_nothing_more(self, xero: Client) -> None:
        first = self.put(xero, "k1", an_invoice())
        again = self.put(xero, "k1", an_invoice())

        assert again.content == first.content
        assert len(xero.get("/Invoices")["Invoices"]) == 10

    def test_a_replay_counts_against_the_limit(self, xero: Client) -> None:
        self.put(xero, "k1", an_invoice())

        assert self.put(xero, "k1", an_invoice()).headers["X-MinLimit-Remaining"] == "58"

    def test_other_bytes_under_a_known_key_are_refused(self, xero: Client) -> None:
        self.put(xero, "k1", an_invoice())

        reply = self.put(xero, "k1", an_invoice(Reference="changed"))

        assert reply.status_code == 400
        assert "Idempotency Key: k1 is used with a different request." in reply.text

    def test_failures_are_kept_too(self, sandbox: RunningSandbox, xero: Client) -> None:
        asked = an_invoice(LineItems=[{"Description": "d", "Quantity": 1, "UnitAmount": 1, "AccountCode": "215"}])
        refused = self.put(xero, "k1", asked)
        sandbox.bookkeeper(BRITISH, "restore account", account="215")

        assert refused.status_code == 400
        assert self.put(xero, "k1", asked).content == refused.content
        assert self.put(xero, "k2", asked).status_code == 200

    def test_after_six_minutes_from_the_first_call_a_key_is_new(self, sandbox: RunningSandbox, xero: Client) -> None:
        first = self.put(xero, "k1", an_invoice())
        sandbox.advance(359)
        within = self.put(xero, "k1", an_invoice())
        sandbox.advance(2)
        after = self.put(xero, "k1", an_invoice())

        assert within.content == first.content
        assert after.json()["Invoices"][0]["InvoiceID"] != first.json()["Invoices"][0]["InvoiceID"]

    def test_a_key_belongs_to_the_app_and_not_to_the_organisation(self, sandbox: RunningSandbox, xero: Client) -> None:
        first = self.put(xero, "k1", an_invoice())
        other = Client(sandbox, "Kōwhai Studio")

        reply = self.put(other, "k1", an_invoice())
        other.http.close()

        assert reply.content == first.content

    def test_a_key_is_at_most_128_characters(self, xero: Client) -> None:
        assert self.put(xero, "k" * 128, an_invoice()).status_code == 200
        assert self.put(xero, "k" * 129, an_invoice()).status_code == 400

    def test_a_second_call_with_a_key_in_use_waits_for_the_first(self, sandbox: RunningSandbox, xero: Client) -> None:
        replies: list[bytes] = []
        calls = [
            threading.Thread(target=lambda: replies.append(self.put(xero, "k1", an_invoice()).content)) for _ in "ab"
        ]
        sandbox.fault("PUT /Invoices", "answer slowly", seconds=0.3)

        for one in calls:
            one.start()
        for one in calls:
            one.join()

        assert replies[0] == replies[1]

    @staticmethod
    def put(xero: Client, key: str, body: object) -> httpx2.Response:
        return xero.call("PUT", "/Invoices", body, Idempotency_Key=key)
