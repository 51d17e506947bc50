"""Why a document was declined, as codes that every provider shares; the sentences for people live in `syncing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class RefusalCode(StrEnum):
    """One code for each cause that a person mends in a different way."""

    NO_REVENUE_ACCOUNT = "no_revenue_account"
    ACCOUNT_ARCHIVED = "account_archived"
    ACCOUNT_NOT_VALID = "account_not_valid"
    TAX_MAPPING_MISSING = "tax_mapping_missing"
    TAX_RATE_MISMATCH = "tax_rate_mismatch"
    TAX_TYPE_NOT_ALLOWED = "tax_type_not_allowed"
    TOTALS_DIFFER = "totals_differ"
    TRACKING_NOT_VALID = "tracking_not_valid"
    MISSING_SCOPE = "missing_scope"
    MISSING_ROLE = "missing_role"
    NUMBER_TAKEN = "number_taken"
    NUMBER_VOIDED = "number_voided"
    CONTACT_ARCHIVED = "contact_archived"
    CONTACT_AMBIGUOUS = "contact_ambiguous"
    CONTACT_NAME_TAKEN = "contact_name_taken"
    CONTACT_SEPARATED = "contact_separated"
    EMAIL_NOT_VALID = "email_not_valid"
    PERIOD_LOCKED = "period_locked"
    CURRENCY_NOT_ENABLED = "currency_not_enabled"
    TEXT_TOO_LONG = "text_too_long"
    NEGATIVE_TOTAL = "negative_total"
    PLAN_CAP = "plan_cap"
    PAYMENT_ACCOUNT_NOT_VALID = "payment_account_not_valid"
    PAYMENT_CURRENCY = "payment_currency"
    OVERPAYMENT = "overpayment"
    INVOICE_NOT_PAYABLE = "invoice_not_payable"
    PAYMENT_NOT_DELETABLE = "payment_not_deletable"
    DELETED_REMOTELY = "deleted_remotely"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    NOT_AS_SENT = "not_as_sent"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    TAX_TYPE_UNKNOWN = "tax_type_unknown"
    TAX_TYPE_MISSING = "tax_type_missing"
    LINE_TOTAL_DIFFERS = "line_total_differs"
    NO_LINES = "no_lines"
    CONTACT_MISSING = "contact_missing"
    STATUS_NOT_VALID = "status_not_valid"
    HAS_PAYMENTS = "has_payments"
    LINK_NOT_VALID = "link_not_valid"
    NAME_IN_USE = "name_in_use"
    ID_NOT_VALID = "id_not_valid"
    KEY_IN_USE = "key_in_use"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cause, the provider's own words (unchanged, all of them), and values that make the sentence concrete.

    `details` holds plain strings only, for example {"account": "Sales (200)", "locked_until": "2026-03-31"}, so that
    it can be kept as JSON.
    """

    code: RefusalCode
    messages: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
