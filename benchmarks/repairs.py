"""Measure how often invoices need a repair so that Xero's totals are the customer's.

PYTHONPATH=src:tests python benchmarks/repairs.py [invoices per mix] [seed]
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from keito_books.accounting.documents import InvoiceDocument
from keito_books.accounting.errors import Refused
from keito_books.providers.xero.arithmetic import decimals
from keito_books.providers.xero.repair import plan_invoice
from providers.builders import an_invoice_as_keito_adds_it_up
from providers.mixes import MIXES, Case, cases

WORDS = {
    "The quantity of": "a quantity with four decimals",
    "one piece": "a line folded into one piece",
    "discount is given": "discount as amounts",
    "tax of": "tax set on lines",
    "rounding line": "rounding line",
}
ROWS = ("equal without a repair", "of these, four-decimal prices", *WORDS.values(), "refused")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20261122  # noqa: PLR2004  the second argument
    print(f"{count} invoices a mix, seed {seed}\n")
    for mix in MIXES:
        started = time.perf_counter()
        found = Counter(row for case in cases(mix, count, seed=seed) for row in rows_of(mix_invoice(case)))
        each_ms = (time.perf_counter() - started) / count * 1000
        print(f"{mix} ({each_ms:.2f} ms an invoice)")
        for row in ROWS:
            print(f"  {row:<32}{found[row] / count:8.1%}")


def mix_invoice(case: Case) -> InvoiceDocument:
    return an_invoice_as_keito_adds_it_up(
        case.items, currency=case.currency, discount=case.discount, tax=case.tax, tax2=case.tax2
    )


def rows_of(invoice: InvoiceDocument) -> list[str]:
    try:
        plan = plan_invoice(invoice)
    except Refused:
        return ["refused"]
    if plan.repairs:
        return [row for word, row in WORDS.items() if any(word in told for told in plan.repairs)]
    has_fine_prices = any(decimals(line.unit_amount) > 2 for line in plan.lines)  # noqa: PLR2004  cents
    return ["equal without a repair", *(["of these, four-decimal prices"] if has_fine_prices else [])]


if __name__ == "__main__":
    main()
