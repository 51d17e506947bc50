"""What the port carries shows no secret."""

from __future__ import annotations

from datetime import UTC, datetime

from keito_books.accounting.port import Access, Authorisation, Receipt, TokenSet

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CANARY = "canary-token"


def no_record(receipt: Receipt) -> None:
    del receipt


def test_access_tokens_and_consents_do_not_show_in_their_repr() -> None:
    shown = [
        Access(access_token=CANARY, organisation_id="org", record=no_record),
        TokenSet(CANARY, CANARY, access_expires_at=NOW, refresh_expires_at=NOW, scope="openid"),
        Authorisation(url=f"https://login.example/?state={CANARY}", state=CANARY, code_verifier=CANARY),
    ]

    assert all(CANARY not in f"{each!r} {each!s}" for each in shown)
