"""One thing that is known before sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from keito_books.accounting.documents import Kind
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.syncing.explanations import Explanation, NoticeCode, before_sending, explain, notice


class Severity(StrEnum):
    """What a finding means for the person who is about to press Copy to Xero; the gravest first."""

    WILL_FAIL = "will_fail"
    NEEDS_ANSWER = "needs_answer"
    INFORMATION = "information"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Severity.WILL_FAIL: "Will fail",
    Severity.NEEDS_ANSWER: "Needs your answer",
    Severity.INFORMATION: "For information",
}


# What a person settles by choosing, not by mending something first.
_QUESTIONS = frozenset(
    (
        RefusalCode.CONTACT_AMBIGUOUS,
        RefusalCode.CONTACT_NAME_TAKEN,
        RefusalCode.CONTACT_SEPARATED,
        RefusalCode.NUMBER_TAKEN,
        RefusalCode.NUMBER_VOIDED,
        RefusalCode.PERIOD_LOCKED,
    )
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is a RefusalCode or a NoticeCode; `about` tells whether the invoice or one of its payments is meant.

    The explanation says what it is, why, and where it is mended.
    """

    code: str
    severity: Severity
    explanation: Explanation
    about: Kind = Kind.INVOICE

    @property
    def holds_back(self) -> bool:
        """Say whether the invoice can't simply be copied; a payment that fails holds back no invoice."""
        return self.severity is not Severity.INFORMATION and self.about is Kind.INVOICE

    @property
    def in_general(self) -> Finding:
        """Return a notice without the names and figures of one invoice, so that those of many become one."""
        is_notice = self.code in set(NoticeCode)
        return replace(self, explanation=notice(NoticeCode(self.code))) if is_notice else self

    @classmethod
    def of_refusal(cls, refusal: Refusal, *, about: Kind = Kind.INVOICE) -> Finding:
        severity = Severity.NEEDS_ANSWER if refusal.code in _QUESTIONS else Severity.WILL_FAIL
        return cls(refusal.code.value, severity, before_sending(explain(refusal)), about)

    @classmethod
    def of_notice(
        cls,
        code: NoticeCode,
        severity: Severity = Severity.INFORMATION,
        *,
        about: Kind = Kind.INVOICE,
        details: Mapping[str, str] | None = None,
    ) -> Finding:
        return cls(code.value, severity, notice(code, details), about)
