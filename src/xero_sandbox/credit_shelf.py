"""Credit notes, overpayments and prepayments of an organisation, with indexes that keep look-ups flat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from xero_sandbox.records.credit import Credit, CreditNoun

Remember = Callable[[Callable[[], None]], None]
Note = Callable[[Credit, bool], None]
NoteFormer = Callable[[Mapping[str, object], str], None]


class CreditShelf:
    """Reads and writes credits; `remember` takes what would undo each write.

    `note` is told of each write, and whether it made the credit; `note_former` before each write.
    """

    def __init__(self, credits_: dict[str, Credit], remember: Remember, note: Note, note_former: NoteFormer) -> None:
        self._credits = credits_
        self._remember, self._note, self._note_former = remember, note, note_former
        self._by_number: dict[str, dict[str, None]] = {}  # credit notes: their ids in the order they came
        self._by_contact: dict[str, dict[str, None]] = {}
        for one in credits_.values():
            self._index(one)

    def get(self, noun: CreditNoun, credit_id: str) -> Credit | None:
        found = self._credits.get(credit_id.lower())
        return found if found and found.noun is noun else None

    def all(self, noun: CreditNoun) -> list[Credit]:
        return [one for one in self._credits.values() if one.noun is noun]

    def numbered(self, number: str, type_: str | None = None) -> list[Credit]:
        """Return the credit notes with this number, oldest first."""
        found = (self._credits[one] for one in self._by_number.get(number.casefold(), ()))
        return [one for one in found if type_ is None or one.type == type_]

    def of_contact(self, contact_id: str) -> list[Credit]:
        return [self._credits[one] for one in self._by_contact.get(contact_id.lower(), ())]

    def save(self, credit: Credit, *, quietly: bool = False) -> None:
        """Save it; quietly means that `note` is not told."""
        self._note_former(self._credits, credit.credit_id)
        before = self._credits.get(credit.credit_id)
        self._remember(partial(self._restore, credit.credit_id, before))
        if before is not None:
            self._forget(before)
        self._credits[credit.credit_id] = credit
        self._index(credit)
        if not quietly:
            self._note(credit, before is None)

    def _restore(self, credit_id: str, before: Credit | None) -> None:
        self._forget(self._credits.pop(credit_id))
        if before is not None:
            self._credits[credit_id] = before
            self._index(before)

    def _index(self, credit: Credit) -> None:
        if credit.number:
            self._by_number.setdefault(credit.number.casefold(), {})[credit.credit_id] = None
        self._by_contact.setdefault(credit.contact_id, {})[credit.credit_id] = None

    def _forget(self, credit: Credit) -> None:
        for index, key in ((self._by_number, credit.number.casefold()), (self._by_contact, credit.contact_id)):
            index.get(key, {}).pop(credit.credit_id, None)
