"""Every refusal has words of its own, and they say what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.explanations import WAITS, Place, explain, refusal_from_json, refusal_to_json


@pytest.mark.parametrize("code", list(RefusalCode))
def test_each_code_is_explained_without_gaps_or_jargon(code: RefusalCode) -> None:
    words = explain(Refusal(code))

    both = f"{words.sentence} {words.fix}"
    assert words.sentence.endswith(".")
    assert words.fix.endswith(".")
    assert not re.search(r"[{}|]", both)
    assert not re.search(r"(?i)tenant|payload|idempoten|sync engine|null|exception", both)
    assert (words.place is Place.NONE) == (words.button == "")


def test_no_two_codes_share_a_sentence() -> None:
    sentences = [explain(Refusal(code)).sentence for code in RefusalCode]

    assert len(set(sentences)) == len(sentences)


@pytest.mark.promise("P62", "P63", "P64")
def test_the_causes_of_the_help_page_are_told_apart() -> None:
    no_account = explain(Refusal(RefusalCode.NO_REVENUE_ACCOUNT))
    mismatch = explain(
        Refusal(RefusalCode.TAX_RATE_MISMATCH, details={"rate": "20", "their_name": "VAT", "their_rate": "5"})
    )
    role = explain(Refusal(RefusalCode.MISSING_ROLE))

    assert "revenue account" in no_account.sentence
    assert no_account.place is Place.ACCOUNTS
    assert mismatch.sentence.startswith("The tax rates don't match: Keito charges 20 %, and VAT in Xero is 5 %.")
    assert "Verify the tax rate mappings" in mismatch.fix
    assert "may not create invoices" in role.sentence
    assert "invoice permission" in role.fix


def test_a_missing_detail_is_said_in_general_words() -> None:
    words = explain(Refusal(RefusalCode.TAX_RATE_MISMATCH, details={"rate": "20", "their_name": "VAT"}))

    assert "VAT in Xero is no longer in use." in words.sentence


def test_braces_in_a_name_are_not_taken_for_a_gap() -> None:
    words = explain(Refusal(RefusalCode.ACCOUNT_ARCHIVED, details={"account": "Sales {number} (200)"}))

    assert "Sales {number} (200)" in words.sentence


def test_a_refusal_survives_being_kept_as_json() -> None:
    refusal = Refusal(RefusalCode.NUMBER_TAKEN, ("Invoice # must be unique.",), {"number": "INV-7"})

    assert refusal_from_json(refusal_to_json(refusal)) == refusal


def test_a_code_of_a_newer_version_reads_as_unknown() -> None:
    assert refusal_from_json({"code": "from_the_future", "messages": ["Hm."]}).code is RefusalCode.UNKNOWN


def test_every_reason_to_wait_has_words() -> None:
    source = Path(__file__).resolve().parents[2] / "src" / "keito_books"
    texts = [file.read_text(encoding="utf-8") for file in source.rglob("*.py")]
    given = {word for text in texts for word in re.findall(r"""(?:reason|because)="([a-z ]+)\"""", text)}

    assert given >= {"limit", "unreachable", "expired", "token"}
    assert given <= set(WAITS)
