"""Trouble on the wire, and replies that a careless client misreads."""

from __future__ import annotations

import json
import zlib
from typing import Any

import httpx2
import pytest

from sandbox_client import Client, an_invoice
from sandbox_raw_client import ask_raw
from xero_sandbox.testing import RunningSandbox


def an_order(number: str = "K-1") -> bytes:
    return json.dumps(an_invoice(InvoiceNumber=number)).encode()


def is_there(xero: Client, number: str = "K-1") -> bool:
    return xero.call("GET", f"/Invoices/{number}").status_code == 200


def a_batch(xero: Client) -> list[dict[str, Any]]:
    batch = {"Invoices": [an_invoice(InvoiceNumber=f"K-{one}") for one in (1, 2, 3)]}
    written: list[dict[str, Any]] = xero.put("/Invoices", batch)["Invoices"]
    return written


class TestOnTheWire:
    @pytest.mark.parametrize(
        ("then", "reset", "saved"),
        [
            ("drop the request", False, False),
            ("save and drop the reply", False, True),
            ("reset the connection", True, False),
            ("save and reset the connection", True, True),
        ],
    )
    def test_a_connection_is_closed_or_reset_before_a_byte_of_the_reply(
        self, sandbox: RunningSandbox, xero: Client, then: str, reset: bool, saved: bool
    ) -> None:
        sandbox.fault("PUT /Invoices", then)

        seen = ask_raw(sandbox, xero, "PUT", "/Invoices", an_order())

        assert (seen.data, seen.was_reset) == (b"", reset)
        assert is_there(xero) is saved

    @pytest.mark.parametrize(
        ("then", "reset"),
        [("save and cut the reply short", False), ("save and reset in the middle of the reply", True)],
    )
    def test_half_a_reply_arrives(self, sandbox: RunningSandbox, xero: Client, then: str, reset: bool) -> None:
        sandbox.fault("PUT /Invoices", then)

        seen = ask_raw(sandbox, xero, "PUT", "/Invoices", an_order())

        assert seen.data.startswith(b"HTTP/1.1 200")
        assert seen.body.startswith(b'{"Id"')
        assert not seen.body.endswith(b"}")
        assert seen.was_reset is reset
        assert is_there(xero)

    def test_a_reply_comes_drop_by_drop(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Organisation", "drip the reply", bytes_per_second=2_000)

        seen = ask_raw(sandbox, xero, "GET", "/Organisation")

        assert json.loads(seen.body)["Organisations"]
        assert len(seen.arrivals) >= len(seen.body) // 200
        assert seen.arrivals[-1][0] >= len(seen.body) / 2_000 * 0.8

    def test_a_client_that_leaves_a_dripping_reply_frees_its_place(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Organisation", "drip the reply")

        seen = ask_raw(sandbox, xero, "GET", "/Organisation", most=1)

        assert seen.data.startswith(b"HTTP/1.1 200")
        assert xero.call("GET", "/Organisation").status_code == 200

    def test_a_huge_body_is_as_long_as_asked_for_and_is_json(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Invoices", "answer a huge body", size=3_000_000)

        reply = xero.call("GET", "/Invoices")

        assert len(reply.content) == 3_000_000
        assert reply.json()["Status"] == "OK"

    def test_a_huge_body_can_hide_in_a_small_one(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Invoices", "answer a huge body, compressed", size=3_000_000)

        with xero.http.stream("GET", "/Invoices") as reply:
            packed = b"".join(reply.iter_raw())

        assert reply.headers["Content-Encoding"] == "gzip"
        assert len(packed) < 30_000
        assert len(zlib.decompress(packed, wbits=31)) == 3_000_000

    def test_a_redirect_leads_to_where_the_log_shows_who_followed(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer a redirect")

        reply = xero.call("PUT", "/Invoices", an_invoice(InvoiceNumber="K-1"))
        followed = httpx2.get(sandbox.url + reply.headers["Location"], timeout=5)

        assert (reply.status_code, followed.status_code) == (307, 404)
        assert sandbox.requests()[-1]["path"] == "/_redirected/api.xro/2.0/Invoices"
        assert not is_there(xero)

    def test_a_redirect_goes_where_it_is_told(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Invoices", "answer a redirect", status=302, location="http://elsewhere.invalid/x")

        reply = xero.call("GET", "/Invoices")

        assert (reply.status_code, reply.headers["Location"]) == (302, "http://elsewhere.invalid/x")

    def test_an_html_page_can_come_with_any_status(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Invoices", "answer an HTML page", status=502)

        reply = xero.call("GET", "/Invoices")

        assert (reply.status_code, reply.headers["Content-Type"]) == (502, "text/html")


class TestRefusals:
    @pytest.mark.parametrize(
        ("problem", "wait", "header"),
        [
            ("minute", "30", "X-MinLimit-Remaining"),
            ("day", "36000", "X-DayLimit-Remaining"),
            ("concurrent", None, None),
            ("appminute", None, "X-AppMinLimit-Remaining"),
            ("app-minute", None, "X-AppMinLimit-Remaining"),
        ],
    )
    def test_a_429_names_its_limit_and_minute_and_day_say_how_long(
        self, sandbox: RunningSandbox, xero: Client, problem: str, wait: str | None, header: str | None
    ) -> None:
        sandbox.fault("GET /Invoices", "answer 429", problem=problem)

        reply = xero.call("GET", "/Invoices")

        assert (reply.status_code, reply.content) == (429, b"")
        assert reply.headers["X-Rate-Limit-Problem"] == problem
        assert reply.headers.get("Retry-After") == wait
        assert header is None or reply.headers[header] == "0"

    @pytest.mark.parametrize("wait", [0, -5, 10**9, "soon", "Sun, 22 Nov 2026 10:00:00 GMT"])
    def test_retry_after_can_be_anything(self, sandbox: RunningSandbox, xero: Client, wait: int | str) -> None:
        sandbox.fault("GET /Invoices", "answer 429", problem="appminute", retry_after=wait)

        assert xero.call("GET", "/Invoices").headers["Retry-After"] == str(wait)

    def test_a_429_can_come_without_retry_after(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Invoices", "answer 429", retry_after=None)

        assert "Retry-After" not in xero.call("GET", "/Invoices").headers

    @pytest.mark.parametrize(
        ("then", "problem", "detail"),
        [
            ("answer 401", "expired", "TokenExpired: token expired"),
            ("answer 401", "unknown token", "AuthenticationUnsuccessful"),
            ("answer 401", "scope", "AuthorizationUnsuccessful"),
            ("answer 403", "organisation", "AuthenticationUnsuccessful"),
            ("answer 403", "permission", "AuthorizationUnsuccessful: the user lacks permission for this action"),
        ],
    )
    def test_a_401_and_a_403_name_their_reason(
        self, sandbox: RunningSandbox, xero: Client, then: str, problem: str, detail: str
    ) -> None:
        sandbox.fault("GET /Invoices", then, problem=problem)

        reply = xero.call("GET", "/Invoices")

        assert reply.status_code == int(then[-3:])
        assert reply.json()["Detail"] == detail
        assert ("insufficient_scope" in reply.headers.get("WWW-Authenticate", "")) is (problem == "scope")

    @pytest.mark.parametrize(
        ("problem", "words"), [("maintenance", "offline for maintenance"), ("organisation offline", "The organisation")]
    )
    def test_a_503_is_of_all_xero_or_of_one_organisation(
        self, sandbox: RunningSandbox, xero: Client, problem: str, words: str
    ) -> None:
        sandbox.fault("GET /Invoices", "answer 503", problem=problem)

        reply = xero.call("GET", "/Invoices")

        assert reply.status_code == 503
        assert words in reply.text


class TestOddReplies:
    def test_elements_come_in_the_opposite_order(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer in another order")

        assert [one["InvoiceNumber"] for one in a_batch(xero)] == ["K-3", "K-2", "K-1"]

    def test_the_last_element_can_be_missing_though_it_was_saved(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer without the last element")

        assert [one["InvoiceNumber"] for one in a_batch(xero)] == ["K-1", "K-2"]
        assert is_there(xero, "K-3")

    def test_a_success_can_list_nothing(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer an empty list")

        assert a_batch(xero) == []
        assert is_there(xero, "K-1")

    def test_ids_can_be_missing(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer without ids")

        written = a_batch(xero)[0]

        assert "InvoiceID" not in written
        assert written["InvoiceNumber"] == "K-1"

    def test_statuses_and_members_can_be_ones_that_nobody_knows(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer unknown values")

        written = a_batch(xero)[0]

        assert (written["Status"], written["Type"]) == ("SOMETHING-NEW", "SOMETHING-NEW")
        assert "NewMember" in written
        assert written["Total"] == 120

    def test_a_look_up_can_find_two(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Invoices", "answer everything twice")

        found = xero.get("/Invoices?InvoiceNumbers=HF-0031&page=1")

        assert [one["InvoiceNumber"] for one in found["Invoices"]] == ["HF-0031", "HF-0031"]
        assert len({one["InvoiceID"] for one in found["Invoices"]}) == 2
        assert found["pagination"]["itemCount"] == 2

    def test_a_whole_reply_can_hold_broken_json(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer malformed JSON")

        reply = xero.call("PUT", "/Invoices", an_invoice(InvoiceNumber="K-1"))

        assert reply.status_code == 200
        with pytest.raises(ValueError, match="Expecting"):
            reply.json()
        assert is_there(xero)

    def test_a_retry_under_the_same_key_gets_the_true_reply(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "answer an empty list")
        order = an_invoice(InvoiceNumber="K-1")

        first, again = (xero.call("PUT", "/Invoices", order, Idempotency_Key="k1").json() for _ in range(2))

        assert (len(first["Invoices"]), len(again["Invoices"])) == (0, 1)

    def test_a_request_can_arrive_twice(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("PUT /Invoices", "carry out twice", times=2)

        bare = xero.call("PUT", "/Invoices", an_invoice(InvoiceNumber="K-1"))
        keyed = xero.call("PUT", "/Invoices", an_invoice(InvoiceNumber="K-2"), Idempotency_Key="k1")

        assert (bare.status_code, keyed.status_code) == (400, 200)
        assert "Invoice # must be unique" in bare.text


class TestReadsThatLag:
    """The sandbox's clock says how long, so nothing waits."""

    def test_what_was_just_written_is_not_there_until_the_lag_is_over(
        self, sandbox: RunningSandbox, xero: Client
    ) -> None:
        xero.invoice(InvoiceNumber="K-1")
        sandbox.fault("GET /Invoices*", "answer as it was", seconds=30, times=None)

        by_filter = "/Invoices?InvoiceNumbers=K-1&page=1"
        at_first = (xero.get(by_filter), is_there(xero))
        sandbox.advance(31)
        later = (len(xero.get(by_filter)["Invoices"]), is_there(xero))

        assert (at_first[0]["Invoices"], at_first[0]["pagination"]["itemCount"], at_first[1]) == ([], 0, False)
        assert later == (1, True)

    def test_what_changed_shows_as_it_was_before(self, sandbox: RunningSandbox, xero: Client) -> None:
        made = xero.invoice(InvoiceNumber="K-1", Reference="before")
        sandbox.advance(60)
        xero.post("/Invoices", {"InvoiceID": made["InvoiceID"], "Reference": "after"})
        sandbox.bookkeeper("Harbour & Finch Ltd", "pay invoice", invoice="K-1", amount=20)
        sandbox.fault("GET /Invoices*", "answer as it was", seconds=30, times=None)

        at_first = xero.get("/Invoices/K-1")["Invoices"][0]
        sandbox.advance(31)
        later = xero.get("/Invoices/K-1")["Invoices"][0]

        assert (at_first["Reference"], at_first["AmountPaid"], at_first["Payments"]) == ("before", 0, [])
        assert at_first["UpdatedDateUTC"] == made["UpdatedDateUTC"]
        assert (later["Reference"], later["AmountPaid"], len(later["Payments"])) == ("after", 20, 1)

    def test_a_filter_looks_at_what_was_there_before(self, sandbox: RunningSandbox, xero: Client) -> None:
        contact_id = xero.contact("Old Name Ltd")
        sandbox.advance(60)
        sandbox.bookkeeper("Harbour & Finch Ltd", "rename contact", contact=contact_id, name="New Name Ltd")
        sandbox.fault("GET /Contacts", "answer as it was", seconds=30, times=None)

        def named(name: str) -> list[str]:
            found = xero.get(f'/Contacts?where=Name=="{name}"')["Contacts"]
            return [one["Name"] for one in found]

        assert (named("Old Name Ltd"), named("New Name Ltd")) == (["Old Name Ltd"], [])

    @pytest.mark.parametrize("noun", ["Payments", "CreditNotes", "Items", "Contacts"])
    def test_other_kinds_lag_too(self, sandbox: RunningSandbox, xero: Client, noun: str) -> None:
        before = len(xero.get(f"/{noun}")[noun])
        xero.invoice(InvoiceNumber="K-1", Contact={"Name": "New Ltd"})
        sandbox.bookkeeper("Harbour & Finch Ltd", "pay invoice", invoice="K-1", amount=20)
        sandbox.bookkeeper("Harbour & Finch Ltd", "credit invoice", invoice="K-1", amount=20)
        xero.put("/Items", {"Code": "NEW-1"})
        sandbox.fault(f"GET /{noun}", "answer as it was", seconds=30)

        lagging = len(xero.get(f"/{noun}")[noun])

        assert (lagging, len(xero.get(f"/{noun}")[noun])) == (before, before + 1)

    def test_a_write_answers_what_it_wrote(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("* /Invoices*", "answer as it was", seconds=30, times=None)

        made = xero.invoice(InvoiceNumber="K-1")
        again = xero.call("PUT", "/Invoices", an_invoice(InvoiceNumber="K-1"))

        assert made["Total"] == 120
        assert "Invoice # must be unique" in again.text

    def test_what_a_refused_batch_undid_was_never_there(self, sandbox: RunningSandbox, xero: Client) -> None:
        batch = {"Invoices": [an_invoice(InvoiceNumber="K-1"), an_invoice(InvoiceNumber="K-2", Status="PAID")]}
        assert xero.call("PUT", "/Invoices", batch).status_code == 400
        sandbox.fault("GET /Invoices*", "answer as it was", seconds=30, times=None)

        assert not is_there(xero, "K-1")
        assert is_there(xero, "HF-0031")

    def test_an_account_that_was_deleted_is_still_there(self, sandbox: RunningSandbox, xero: Client) -> None:
        account = {"Code": "4711", "Name": "Short-lived", "Type": "REVENUE"}
        made = xero.put("/Accounts", account)["Accounts"][0]["AccountID"]
        sandbox.advance(60)
        assert xero.call("DELETE", f"/Accounts/{made}").status_code == 200
        sandbox.fault("GET /Accounts*", "answer as it was", seconds=30)

        statuses = [xero.call("GET", f"/Accounts/{made}").status_code for _ in range(2)]

        assert statuses == [200, 404]


class TestHowOften:
    def test_a_seed_makes_the_same_calls_fail_again(self, sandbox: RunningSandbox, xero: Client) -> None:
        def fails(seed: int) -> str:
            sandbox.clear_faults()
            sandbox.fault("GET /Organisation", "answer 503", probability=0.3, seed=seed, times=None)
            statuses = [xero.call("GET", "/Organisation").status_code for _ in range(12)]
            return "".join("x" if one == 503 else "." for one in statuses)

        first, again, other = fails(7), fails(7), fails(8)

        assert first == again
        assert first != other
        assert 1 <= first.count("x") <= 10

    def test_the_third_call_fails_and_no_other(self, sandbox: RunningSandbox, xero: Client) -> None:
        sandbox.fault("GET /Organisation", "answer 503", skip=2)

        assert [xero.call("GET", "/Organisation").status_code for _ in range(4)] == [200, 200, 503, 200]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"probability": 1.5},
            {"probability": "often"},
            {"times": 0},
            {"seed": "x"},
            {"then": "answer 429", "problem": "weekly"},
            {"then": "answer 500", "problem": "minute"},
            {"then": "answer a redirect", "status": 200},
            {"then": "answer 500", "status": 503},
            {"then": "answer a redirect", "location": "http://x/\r\nSet-Cookie: a=b"},
            {"then": "answer 429", "retry_after": "a\nb"},
            {"then": "answer a huge body", "size": 10**12},
        ],
    )
    def test_what_makes_no_sense_is_refused_with_a_sentence(
        self, sandbox: RunningSandbox, wrong: dict[str, object]
    ) -> None:
        asked = {"route": "GET /Invoices", "then": "answer 500"} | wrong

        reply = httpx2.post(f"{sandbox.url}/_sandbox/faults", json=asked, timeout=5)

        assert reply.status_code == 400
        assert reply.json()["error"].endswith(".")
