"""What a person may do in one organisation, narrowed to what the API shows of it."""

from enum import StrEnum


class Role(StrEnum):
    ADVISER = "adviser"  # everything, also before the period lock date
    STANDARD = "standard"
    INVOICE_ONLY = "invoice only"  # drafts, no approving
    READ_ONLY = "read only"
