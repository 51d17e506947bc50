"""Reasons and scores order candidates; case, accents, punctuation and legal forms don't keep a name from being like."""

from __future__ import annotations

import pytest

from keito_books.accounting.documents import ContactDocument, RemoteContact
from keito_books.syncing.likeness import certain_one, likest, plain_name, weigh

CLIENT = ContactDocument(marker="KC-1", name="Café Nord Ltd.", email="pay@nord.example", tax_number="GB 123-4")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("CAFÉ NORD, Ltd.", "cafe nord"),
        ("Müller & Söhne GmbH", "muller sohne"),
        ("A.B.C. Limited", "abc"),
        ("Limited", "limited"),
        ("شركة النور", "شركة النور"),
        ("<script>alert(1)</script>", "script alert 1 script"),
        ("", ""),
    ],
)
def test_a_name_is_compared_without_what_people_write_differently(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_the_likest_comes_first_with_its_reasons_and_archived_ones_last() -> None:
    by_name = RemoteContact("a", "cafe nord")
    by_tax = RemoteContact("b", "Something else", tax_number="gb1234")
    gone = RemoteContact("c", "Café Nord Ltd.", email="pay@nord.example", is_archived=True)
    stranger = RemoteContact("d", "Blue Fern")

    found = likest(CLIENT, [stranger, gone, by_name, by_tax])

    assert [each.contact.id for each in found] == ["b", "a", "c"]
    assert found[0].reasons == ("same tax number",)
    assert found[1].reasons == ("nearly the same name",)


def test_only_a_tax_number_or_an_address_with_the_name_is_certain_and_only_when_unique() -> None:
    with_both = RemoteContact("a", "CAFÉ NORD LTD.", email="PAY@nord.example")
    with_address = RemoteContact("b", "Other", email="pay@nord.example")
    with_tax = RemoteContact("c", "Third", tax_number="GB1234")

    assert weigh(CLIENT, with_both).is_certain
    assert not weigh(CLIENT, with_address).is_certain
    sure = certain_one(likest(CLIENT, [with_both, with_address]))
    assert sure is not None
    assert sure.contact.id == "a"
    assert certain_one(likest(CLIENT, [with_both, with_tax])) is None
