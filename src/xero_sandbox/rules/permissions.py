"""Who may do what in an organisation (xero-api reference 10, Organisation/Actions)."""

from xero_sandbox.records.roles import Role

CREATE_DRAFT = "CreateDraftInvoice"
APPROVE_SALE = "CreateApprovedInvoice"
APPROVE_BILL = "CreateApprovedBill"
PAY = "CreateInvoicePayment"
BEFORE_LOCK = "ApproveTransactionsBeforePeriodLockDate"
EDIT_CONTACTS = "UpdateContacts"

ALL_ACTIONS = (
    "AttachFilesIntoInvoice",
    BEFORE_LOCK,
    APPROVE_BILL,
    APPROVE_SALE,
    "CreateDraftBill",
    CREATE_DRAFT,
    PAY,
    "CreateRepeatingInvoice",
    "UpdateConversionBalances",
    EDIT_CONTACTS,
    "UseMulticurrency",
)

ALLOWED: dict[Role, frozenset[str]] = {
    Role.ADVISER: frozenset(ALL_ACTIONS),
    Role.STANDARD: frozenset(ALL_ACTIONS) - {BEFORE_LOCK, "UpdateConversionBalances"},
    Role.INVOICE_ONLY: frozenset({"AttachFilesIntoInvoice", CREATE_DRAFT, "CreateDraftBill", EDIT_CONTACTS}),
    Role.READ_ONLY: frozenset(),
}


def may(role: Role, action: str) -> bool:
    return action in ALLOWED[role]
