"""Workers that die: what they had begun is finished by the next one, once. The processes' own tests kill real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from django.db import connection as database
from django.db import transaction

from joined import Joined
from keito_books.accounting.documents import Kind
from keito_books.accounting.errors import OutcomeUnknown
from keito_books.accounting.port import Access, PreparedWrite
from keito_books.invoicing.models import Invoice
from keito_books.providers.xero.documents import XeroDocuments
from keito_books.syncing import errands, governor, records, settling
from keito_books.syncing.errands.invoices import InvoiceErrand
from keito_books.syncing.models import Dispatch, Job
from keito_books.syncing.status import Status

Patch = pytest.MonkeyPatch
ROUTES = {Kind.CONTACT: "PUT /Contacts", Kind.INVOICE: "PUT /Invoices", Kind.PAYMENT: "PUT /Payments"}


class Died(BaseException):
    """The process is gone: no handler of ours runs."""


def die(*_: object, **__: object) -> NoReturn:
    raise Died


def before_sending(patch: Patch, kind: Kind) -> None:
    _sending(patch, kind, die)


def after_the_answer(patch: Patch, kind: Kind) -> None:
    send = XeroDocuments.send

    def send_and_die(*args: Any, **named: Any) -> NoReturn:
        send(*args, **named)
        raise Died

    _sending(patch, kind, send_and_die)


def without_an_answer(patch: Patch, kind: Kind) -> None:
    send = XeroDocuments.send

    def send_and_die(*args: Any, **named: Any) -> NoReturn:
        with pytest.raises(OutcomeUnknown):
            send(*args, **named)
        raise Died

    _sending(patch, kind, send_and_die)


def while_storing(patch: Patch, kind: Kind) -> None:
    """Die inside the transaction that would store the ids, so nothing of it stays."""
    succeed = records.succeed

    def store_and_die(told: Any, **named: Any) -> None:
        succeed(told, **named)
        if any(job.kind == kind for job, *_ in told):
            raise Died

    patch.setattr(records, "succeed", store_and_die)


def after_storing(patch: Patch, kind: Kind) -> None:
    close = records.close_if_settled

    def die_or_close(dispatch: Dispatch, **named: Any) -> None:
        if dispatch.kind == kind:
            raise Died
        close(dispatch, **named)

    patch.setattr(records, "close_if_settled", die_or_close)


def while_looking(patch: Patch, kind: Kind) -> None:
    patch.setattr(errands.ERRANDS[kind], "look_up", die)


def _sending(patch: Patch, kind: Kind, instead: Callable[..., NoReturn]) -> None:
    send = XeroDocuments.send

    def send_or_die(self: XeroDocuments, access: Access, write: PreparedWrite, *, key: str) -> object:
        chosen = instead if write.kind == kind else send
        return chosen(self, access, write, key=key)

    patch.setattr(XeroDocuments, "send", send_or_die)


@contextmanager
def dying(at: Callable[[Patch, Kind], None], kind: Kind) -> Iterator[None]:
    """Let the worker die at a point; the lease that it held stays taken."""
    with pytest.MonkeyPatch.context() as patch:
        at(patch, kind)
        patch.setattr(governor, "release_lease", lambda *_, **__: None)
        yield


def die_once(joined: Joined, at: Callable[[Patch, Kind], None], kind: Kind) -> None:
    with dying(at, kind), pytest.raises(Died):
        joined.work()


def work_on(joined: Joined) -> None:
    """Let the next worker do everything: the lease runs out, then windows and quarantines do."""
    for _ in range(6):
        joined.clock.advance(minutes=3)
        joined.work()


def one_of_each(joined: Joined, invoice: Invoice) -> None:
    """Assert that all succeeded, and that there is one contact, one invoice and one payment."""
    contacts = joined.there("Contacts", where=f'Name=="{invoice.client.name}"')["Contacts"]
    [there] = joined.invoices_there(invoice.number)
    assert joined.status(invoice).status is Status.SUCCESS
    assert [each.status for each in joined.payments(invoice)] == [Status.SUCCESS]
    assert (len(contacts), len(there["Payments"])) == (1, 1)


def all_three(joined: Joined) -> Invoice:
    """Ask for an invoice with a new contact and a payment."""
    invoice = joined.invoice(client=joined.client("Only Once Ltd"), paid="40")
    joined.copy(invoice)
    return invoice


def copy_and_die(joined: Joined, invoice: Invoice) -> NoReturn:
    with transaction.atomic():
        joined.copy(invoice)
        raise Died


@pytest.mark.fault("F01")
def test_a_crash_before_the_click_is_saved_leaves_nothing_and_another_click_works(joined: Joined) -> None:
    invoice = joined.invoice()

    with pytest.raises(Died):
        copy_and_die(joined, invoice)
    joined.work()
    nothing = (Job.objects.count(), joined.status(invoice).status, joined.asked("PUT", "/Invoices"))
    joined.copy(invoice)
    joined.work()

    assert nothing == (0, Status.NOT_SYNCED, 0)
    assert joined.status(invoice).status is Status.SUCCESS


@pytest.mark.fault("F02", "F04", "F05", "F07")
@pytest.mark.parametrize("kind", ROUTES)
@pytest.mark.parametrize("at", [before_sending, after_the_answer, while_storing, after_storing])
def test_a_worker_that_dies_anywhere_is_followed_by_one_that_ends_with_one_of_each(
    joined: Joined, at: Callable[[Patch, Kind], None], kind: Kind
) -> None:
    invoice = all_three(joined)

    die_once(joined, at, kind)
    held = joined.work()
    joined.clock.advance(minutes=1.1)
    joined.work()
    work_on(joined)

    assert held == 0, "the dead worker's lease has not run out"
    one_of_each(joined, invoice)


@pytest.mark.fault("F03")
@pytest.mark.parametrize("kind", ROUTES)
@pytest.mark.parametrize("then", ["save and drop the reply", "drop the request", "save and reset the connection"])
def test_a_worker_that_dies_while_it_waits_for_an_answer_leaves_one_of_each(
    joined: Joined, then: str, kind: Kind
) -> None:
    invoice = all_three(joined)
    joined.sandbox.fault(ROUTES[kind], then, times=1)

    die_once(joined, without_an_answer, kind)
    meanwhile = joined.status(invoice).status
    work_on(joined)

    assert meanwhile in (Status.PENDING, Status.SUCCESS)
    one_of_each(joined, invoice)


@pytest.mark.fault("F11")
@pytest.mark.parametrize("kind", ROUTES)
@pytest.mark.parametrize("second", [while_looking, while_storing, after_storing])
def test_a_second_crash_while_recovering_changes_nothing(
    joined: Joined, kind: Kind, second: Callable[[Patch, Kind], None]
) -> None:
    invoice = all_three(joined)
    joined.sandbox.fault(ROUTES[kind], "save and drop the reply", times=1)
    die_once(joined, without_an_answer, kind)
    joined.clock.advance(minutes=11)

    die_once(joined, second, kind)
    work_on(joined)

    one_of_each(joined, invoice)


@pytest.mark.fault("F12")
def test_an_invoice_on_which_our_own_code_breaks_fails_alone_in_the_end(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = joined.client()
    bad, good = joined.invoice(client=client), joined.invoice(client=client)
    prepare = InvoiceErrand.prepare

    def break_or_prepare(errand: InvoiceErrand) -> object:
        if errand.invoice.pk == bad.pk:
            raise ZeroDivisionError
        return prepare(errand)

    monkeypatch.setattr(InvoiceErrand, "prepare", break_or_prepare)
    joined.copy(bad)
    joined.copy(good)

    joined.work()
    at_once = (joined.status(bad).status, joined.status(good).status)
    for _ in range(12):
        joined.clock.advance(minutes=16)
        joined.work()

    failed = joined.status(bad)
    assert at_once == (Status.PENDING, Status.SUCCESS)
    assert (failed.status, failed.code) == (Status.FAILED, "too_many_attempts")
    assert joined.asked("PUT", "/Invoices") == 1


@pytest.mark.fault("F105")
def test_a_commit_whose_answer_was_lost_is_not_done_again(joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = all_three(joined)
    settle = settling.settle

    def settle_and_lose(*args: Any, **named: Any) -> None:
        settle(*args, **named)
        raise ConnectionError("the answer to COMMIT was lost")

    monkeypatch.setattr(settling, "settle", settle_and_lose)

    joined.work()
    work_on(joined)

    one_of_each(joined, invoice)
    assert joined.asked("PUT", "/Invoices") == 1


@pytest.mark.fault("F107")
def test_nothing_is_sent_that_could_not_be_stored_first(joined: Joined) -> None:
    invoice = joined.invoice()
    joined.copy(invoice)
    joined.work()
    second = joined.invoice(client=invoice.client)
    joined.copy(second)

    with full_disk("syncing_dispatch"):
        joined.work()
    sent_without = joined.asked("PUT", "/Invoices")
    work_on(joined)

    assert sent_without == 1
    assert joined.status(second).status is Status.SUCCESS


@contextmanager
def full_disk(table: str) -> Iterator[None]:
    """Let PostgreSQL itself refuse each new row of a table."""
    with database.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER no_space BEFORE INSERT ON {table} EXECUTE FUNCTION no_space()")
        yield
        cursor.execute(f"DROP TRIGGER no_space ON {table}")
        cursor.execute("DROP FUNCTION no_space()")
