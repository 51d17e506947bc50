"""Where replies recorded from Xero differ from its specification, and the sandbox follows the recording.

Each has its reason; the numbers in it are sections of the reference on Xero's API. The docs page of the coverage
shows this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
GUID: Json = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
INSTANT: Json = {"type": "string", "pattern": r"^/Date\(-?\d+\+0000\)/$"}
REPLY_TIME: Json = {"type": "string", "pattern": r"^/Date\(\d+\)/$"}
DAY_TEXT: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT00:00:00$"}
IDENTITY_TIME: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$"}

MESSAGES: Json = {"type": "array", "items": {"$ref": "#/components/schemas/ValidationError"}}

ENVELOPE = "every list"


@dataclass(frozen=True, slots=True)
class Deviation:
    """The members of a schema that are otherwise than the specification says, or missing in it."""

    schema: str
    members: dict[str, Json]
    reason: str


DEVIATIONS = (
    Deviation(
        ENVELOPE,
        {"Id": GUID, "Status": TEXT, "ProviderName": TEXT, "DateTimeUTC": REPLY_TIME},
        "Recorded replies carry it around every list; the specification shows it in few examples (5).",
    ),
    Deviation(
        "Invoice",
        {f"{name}String": DAY_TEXT for name in ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate")},
        "Recorded replies pair each date with a text (5); the specification shows the pairs in its examples.",
    ),
    Deviation("Invoice", {"RoundingAmount": {"type": "number"}}, "Newer than the specification at hand (6.1)."),
    Deviation("LineItem", {"ValidationErrors": MESSAGES}, "Recorded with each line, empty when all is well (6.1)."),
    *(
        Deviation(
            noun,
            {"ID": GUID, "DateString": DAY_TEXT, "DueDateString": DAY_TEXT},
            "The specification shows them in its examples of credits, and not in the schema.",
        )
        for noun in ("CreditNote", "Overpayment", "Prepayment")
    ),
    Deviation("BankTransaction", {"DateString": DAY_TEXT}, "The specification shows it in its examples."),
    Deviation(
        "HistoryRecord",
        {
            "DateUTCString": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"},
            "ValidationErrors": MESSAGES,
        },
        "Recorded with notes and histories (6.6).",
    ),
    Deviation("AccessToken", {"scope": TEXT}, "Xero's own SDKs read it beside the tokens (2.2)."),
    Deviation(
        "TrackingOption",
        dict.fromkeys(("HasValidationErrors", "IsDeleted", "IsArchived", "IsActive"), FLAG),
        "The specification shows them in its examples of a tracking category, and not in the schema.",
    ),
)
