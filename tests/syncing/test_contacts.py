"""A client whose contact is not sure is asked about, answered once, and its invoices go on by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from builders import NOW, a_membership
from joined import Joined
from keito_books.invoicing import actions as invoicing
from keito_books.invoicing.models import Client
from keito_books.syncing import contacts
from keito_books.syncing.directory import read_ahead
from keito_books.syncing.errors import ContactProblem, ContactShared
from keito_books.syncing.models import ContactsCopy, Job, Link
from keito_books.syncing.status import Status
from keito_books.workspaces.errors import NotAllowed
from keito_books.workspaces.models import AuditEntry, Role


def there(joined: Joined, name: str, **fields: Any) -> str:
    made = joined.there("Contacts", "PUT", {"Name": name, **fields})["Contacts"][0]
    return str(made["ContactID"])


def read_contacts(joined: Joined) -> None:
    ContactsCopy.objects.all().delete()
    read_ahead(joined.connection.pk, clock=joined.clock)


def a_namesake(joined: Joined) -> Client:
    """Return a second client of a name whose contact is the first client's; its invoice has failed."""
    joined.copy(joined.invoice(client=joined.client("Twin Ltd")))
    joined.work()
    second = joined.client("Twin Ltd", email="other@twin.example")
    joined.copy(joined.invoice(client=second))
    joined.work()
    read_contacts(joined)
    return second


def link(joined: Joined, client: Client, remote_id: str, **more: Any) -> Link:
    return contacts.link_contact(client, remote_id=remote_id, by=joined.by, now=joined.clock(), **more)


def statuses(joined: Joined, client: Client) -> set[Status]:
    return {joined.status(each).status for each in client.invoices.all()}


@pytest.mark.fault("F54")
def test_a_second_client_of_the_same_name_is_asked_about_and_never_shares_silently(joined: Joined) -> None:
    second = a_namesake(joined)

    [question] = contacts.questions(joined.connection)

    assert statuses(joined, second) == {Status.FAILED}
    assert (question.client, question.waiting, question.certain) == (second, 1, None)
    assert question.candidates[0].held_by == ("Twin Ltd",)
    assert "another client here" in question.explanation.sentence


@pytest.mark.fault("F54")
def test_two_clients_share_a_contact_only_when_a_person_says_so(joined: Joined) -> None:
    second = a_namesake(joined)
    remote_id = Link.objects.get(kind="contact").remote_id

    with pytest.raises(ContactShared):
        link(joined, second, remote_id)
    link(joined, second, remote_id, may_share=True)
    joined.work()

    assert statuses(joined, second) == {Status.SUCCESS}


@pytest.mark.fault("F54")
def test_a_new_contact_needs_another_name_which_the_client_gets_too(joined: Joined) -> None:
    second = a_namesake(joined)

    with pytest.raises(ContactProblem, match="each name may be used once"):
        contacts.create_contact(second, name=" twin  ltd", by=joined.by, now=joined.clock())
    contacts.create_contact(second, name="Twin Ltd (Leeds)", by=joined.by, now=joined.clock())
    joined.work()
    second.refresh_from_db()

    assert second.name == "Twin Ltd (Leeds)"
    assert statuses(joined, second) == {Status.SUCCESS}
    assert len(set(Link.objects.filter(kind="contact").values_list("remote_id", flat=True))) == 2


def test_answering_twice_links_once_and_another_answer_is_refused(joined: Joined) -> None:
    second = a_namesake(joined)
    other = there(joined, "Twin Peaks")
    read_contacts(joined)

    first = link(joined, second, other)
    again = link(joined, second, other)
    joined.work()

    assert first.pk == again.pk
    assert AuditEntry.objects.filter(action="sync.contact_chosen").count() == 1
    with pytest.raises(ContactProblem, match="Unlink it first"):
        link(joined, second, Link.objects.exclude(client=second).filter(kind="contact")[0].remote_id, may_share=True)
    with pytest.raises(ContactProblem, match="already"):
        contacts.create_contact(second, name="Third", by=joined.by, now=joined.clock())


def test_later_takes_a_question_out_of_the_count_until_it_is_retried(joined: Joined) -> None:
    second = a_namesake(joined)

    contacts.put_off(second, by=joined.by, now=joined.clock())
    put_off = contacts.count_of_questions(joined.connection)
    joined.copy(second.invoices.get())
    joined.work()

    assert put_off == 0
    assert contacts.count_of_questions(joined.connection) == 1


def test_certain_ones_are_accepted_together_and_only_as_they_were_shown(joined: Joined) -> None:
    second = a_namesake(joined)
    sure = there(joined, "Twin North", TaxNumber="GB 77")
    Client.objects.filter(pk=second.pk).update(tax_number="GB-77")
    read_contacts(joined)

    stale = contacts.accept_certain({second.pk: "something-else"}, by=joined.by, now=joined.clock())
    taken = contacts.accept_certain({second.pk: sure}, by=joined.by, now=joined.clock())
    again = contacts.accept_certain({second.pk: sure}, by=joined.by, now=joined.clock())
    joined.work()

    assert (stale, taken, again) == ((0, 1), (1, 0), (0, 1))
    assert statuses(joined, second) == {Status.SUCCESS}


def test_an_unlinked_client_waits_for_a_person_and_keeps_its_history(joined: Joined) -> None:
    invoice = joined.invoice(client=joined.client("Apart Ltd"))
    joined.copy(invoice)
    joined.work()
    client = invoice.client
    remote_id = Link.objects.get(client=client).remote_id

    contacts.unlink_contact(client, by=joined.by, now=joined.clock())
    contacts.unlink_contact(client, by=joined.by, now=joined.clock())
    later = joined.invoice(client=client)
    joined.copy(later)
    joined.work()
    failed = joined.status(later)
    other = there(joined, "Apart Holdings")
    read_contacts(joined)
    link(joined, client, other)
    joined.work()

    assert failed.code == "contact_separated"
    assert joined.status(invoice).status is Status.SUCCESS
    assert joined.status(later).status is Status.SUCCESS
    assert joined.invoices_there(later.number)[0]["Contact"]["ContactID"] == other
    details = AuditEntry.objects.get(action="sync.contact_separated").details
    assert details["remote_id"] == remote_id


def test_an_archived_contact_or_client_is_not_linked(joined: Joined) -> None:
    second = a_namesake(joined)
    gone = there(joined, "Gone Ltd")
    joined.there("Contacts", "POST", {"ContactID": gone, "ContactStatus": "ARCHIVED"})
    read_contacts(joined)

    with pytest.raises(ContactProblem, match="archived in Xero"):
        link(joined, second, gone)
    invoicing.archive_client(second, by=joined.by, now=joined.clock())
    with pytest.raises(ContactProblem, match="archived here"):
        link(joined, second, there(joined, "Fresh Ltd"))

    assert contacts.count_of_questions(joined.connection) == 0


def test_only_who_may_copy_answers(joined: Joined) -> None:
    second = a_namesake(joined)
    member = a_membership(joined.workspace, role=Role.MEMBER)

    with pytest.raises(NotAllowed):
        contacts.link_contact(second, remote_id="x", by=member, now=NOW)
    with pytest.raises(NotAllowed):
        contacts.put_off(second, by=member, now=NOW)
    with pytest.raises(NotAllowed):
        contacts.unlink_contact(second, by=member, now=NOW)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'A "quoted" \\ name', "شركة النور \u202e", "x" * 255])
def test_hostile_names_are_searched_and_linked_like_any(joined: Joined, name: str) -> None:
    client = joined.client(name)
    joined.copy(joined.invoice(client=client))
    joined.work()
    read_contacts(joined)

    found = contacts.search_contacts(joined.connection, name[:100], but_for=client)

    assert statuses(joined, client) == {Status.SUCCESS}
    assert found or "<" in name  # Xero takes no angle brackets, so the name there has others
    assert Job.objects.filter(client=client).get().state == Job.State.DONE
