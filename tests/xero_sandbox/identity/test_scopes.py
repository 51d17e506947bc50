"""Scopes: who may ask for which, and what they say."""

from datetime import UTC, datetime

from xero_sandbox.identity import scopes

BEFORE_THE_END = datetime(2027, 9, 12, 23, 59, tzinfo=UTC)
THE_END = datetime(2027, 9, 13, tzinfo=UTC)


def test_an_app_of_before_2026_may_ask_for_broad_scopes_until_they_end() -> None:
    wanted = ["openid", "accounting.transactions"]

    assert scopes.too_broad(wanted, granular_only=False, now=BEFORE_THE_END) == []
    assert scopes.too_broad(wanted, granular_only=False, now=THE_END) == ["accounting.transactions"]


def test_a_new_app_may_never_ask_for_broad_scopes() -> None:
    refused = scopes.too_broad(["accounting.reports.read"], granular_only=True, now=BEFORE_THE_END)

    assert refused == ["accounting.reports.read"]


def test_what_was_allowed_before_stays_allowed_but_a_sign_in_stands_for_itself() -> None:
    earlier = ["openid", "offline_access", "accounting.invoices"]

    assert scopes.add(earlier, ["openid", "accounting.contacts"]) == [
        "openid",
        "accounting.contacts",
        "accounting.invoices",
    ]


def test_scopes_are_split_on_blanks_without_repetition() -> None:
    assert scopes.parse("  openid   email openid ") == ["openid", "email"]


def test_every_scope_says_in_plain_words_what_it_allows() -> None:
    assert all(words and words[0].isupper() and "." not in words for words in scopes.PLAIN_WORDS.values())
    assert scopes.PLAIN_WORDS["accounting.contacts.read"] == "View contacts and contact groups"


def test_the_broad_scope_of_reports_stands_for_eight_granular_ones() -> None:
    assert len(scopes.BROAD["accounting.reports.read"]) == 8
    assert "accounting.reports.tenninetynine.read" in scopes.PLAIN_WORDS
