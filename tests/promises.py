"""Write docs/promises.md: each promise of the help page, and the tests that show it.

`python tests/promises.py` writes the page anew; test_promises.py fails when it is out of date, when a
promise has no test, or when a test names a promise that does not exist.
"""

from __future__ import annotations

from marks import ROOT, in_a_cell, marked

PAGE = ROOT / "docs" / "promises.md"

PROMISES = {
    "P1": "Nothing of an invoice or a payment has to be typed in Xero",
    "P2": "Only one accounting integration is active at a time, even when two people connect at once",
    "P3": "With QuickBooks connected, Xero can be connected only after QuickBooks is disconnected",
    "P4": "Invoices are pushed into Xero",
    "P5": "Xero contacts are created from clients by themselves",
    "P6": "Tax rates are mapped between the two",
    "P7": "Payments logged here are recorded in Xero",
    "P8": "Every invoice has a sync status",
    "P9": "The Business plan is needed",
    "P10": "The Xero user needs the right permissions, and hears so when they are missing",
    "P11": "Administrator access is needed to connect and configure",
    "P12": "The place is Settings > Integrations > Xero",
    "P13": "The button is Connect to Xero",
    "P14": "It leads to Xero to authorise",
    "P15": "Access to an organisation is granted there",
    "P16": "One returns with the connection active, or with a reason why not",
    "P17": "The connection uses OAuth 2.0",
    "P18": "Tokens are refreshed by themselves",
    "P19": "Sync preferences are configured after connecting",
    "P20": "A Revenue Account is the default for all lines",
    "P21": "A Payment Account is optional; without it payments stay here",
    "P22": "Payments land on the Payment Account",
    "P23": "Tax rates are fetched from Xero",
    "P24": "They are mapped to the two taxes here",
    "P25": "The mapping makes tax calculations match, to the cent",
    "P26": "Tracking categories can be mapped",
    "P27": "Only a finalized invoice is copied",
    "P28": "The action is Copy to Xero",
    "P29": "The invoice is created in Xero",
    "P30": "with the same number",
    "P31": "with the client as its contact",
    "P32": "with the same line descriptions",
    "P33": "with the same quantities",
    "P34": "with the same amounts",
    "P35": "with the mapped tax rates",
    "P36": "with the same due date",
    "P37": "with the payment terms",
    "P38": "A contact that is missing is created, one that exists is used",
    "P39": "with the client's name",
    "P40": "and the client's details",
    "P41": "The Xero contact id is stored",
    "P42": "Later invoices use the same contact",
    "P43": "Each invoice shows its status",
    "P44": "Not synced: it was not sent",
    "P45": "Pending: it is under way",
    "P46": "Success: it was created",
    "P47": "Failed: it was not, and the reason is there",
    "P48": "The error message can be read",
    "P49": "It can be retried",
    "P50": "A payment recorded here is reflected in Xero",
    "P51": "The Xero invoice shows the payment",
    "P52": "Transaction ids are stored for reconciliation, on both sides",
    "P53": "Partial payments are supported",
    "P54": "Disconnecting is done in Settings > Integrations > Xero",
    "P55": "The button is Disconnect",
    "P56": "The tokens are revoked",
    "P57": "What was synced stays, on both sides",
    "P58": "Nothing is synced any more",
    "P59": "An expired connection is shown as expired",
    "P60": "Reconnect authorises again and keeps everything",
    "P61": "After 60 idle days the connection expires instead of failing for ever",
    "P62": "A missing account is told: configure the revenue account",
    "P63": "A tax mismatch is told: verify the tax rate mappings",
    "P64": "Missing rights are told: the Xero user needs permission to create invoices",
    "P65": "A rate limit is told, and goes on after a wait",
    "P66": "What was synced is tracked, so nothing is sent twice",
    "P67": "The Xero invoice id is stored",
    "P68": "The status is visible where one copies, and a second copy makes no second invoice",
}


def shown_by() -> dict[str, list[str]]:
    """Return promise -> tests that carry its marker, as `file::test`."""
    return marked("promise")


def page() -> str:
    """Return the text of docs/promises.md."""
    tests = shown_by()
    lines = [
        "# What the help page promises, and which tests show it",
        "",
        "Written by `python tests/promises.py` from the tests themselves; not edited by hand.",
        "",
        "| | promise | shown by |",
        "|---|---|---|",
    ]
    for key, sentence in PROMISES.items():
        named = in_a_cell(tests.get(key, [])) or "**nothing yet**"
        lines.append(f"| {key} | {sentence} | {named} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
