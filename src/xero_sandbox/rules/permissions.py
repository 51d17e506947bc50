"""Who may do what in an organisation (xero-api reference 10, Organisation/Actions)."""

from xero_sandbox.records.roles import Role

ATTACH = "AttachFilesIntoInvoice"
CREATE_DRAFT = "CreateDraftInvoice"
APPROVE_SALE = "CreateApprovedInvoice"
APPROVE_BILL = "CreateApprovedBill"
PAY = "CreateInvoicePayment"
BEFORE_LOCK = "ApproveTransactionsBeforePeriodLockDate"
EDIT_CONTACTS = "UpdateContacts"
EDIT_SETTINGS = "UpdateSettings"  # ours: Xero's list of actions does not name it

ALL_ACTIONS = (
    ATTACH,
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
    Role.ADVISER: frozenset(ALL_ACTIONS) | {EDIT_SETTINGS},
    Role.STANDARD: frozenset(ALL_ACTIONS) - {BEFORE_LOCK, "UpdateConversionBalances"} | {EDIT_SETTINGS},
    Role.INVOICE_ONLY: frozenset({ATTACH, CREATE_DRAFT, "CreateDraftBill", EDIT_CONTACTS}),
    Role.READ_ONLY: frozenset(),
}


def may(role: Role, action: str) -> bool:
    return action in ALLOWED[role]
