"""Make Xero's totals equal the customer's invoice, by the least invasive means that works.

In this order: the lines as they are (with four-decimal prices); the discount as an amount on each line; the tax of
single lines set by us; a rounding line. What was done is told in plain words; what can't be done is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from keito_books.accounting.documents import DocumentLine, InvoiceDocument, InvoiceTotals
from keito_books.accounting.errors import Refused
from keito_books.accounting.refusals import Refusal, RefusalCode
from keito_books.money import apportion, minor_unit, round_half_up
from keito_books.providers.xero.arithmetic import CENT, Line, Sums, decimals, effective_rate, sums_of

# A rounding line mends cents. More than that is a wrong rate or a wrong mapping, which must not be papered over.
ROUNDING_MAX = Decimal("0.05")
# The same for the tax of one line, in units of the currency: sums of rounded parts never need more.
_TAX_UNITS_PER_LINE_MAX = 3
# Xero keeps so many decimals of a quantity and, with unitdp=4, of a price.
_FACTOR_DECIMALS_MAX = 4
_QUANTITY_UNIT = Decimal("0.0001")
# Xero's own limit for a discount in percent. See docs/providers/xero.md#arithmetic.
_DISCOUNT_DECIMALS_MAX = 2
_AMOUNT_MAX = Decimal("9999999999.99")
_HUNDRED = Decimal(100)
# Xero wants words on every line that has an amount.
_NO_DESCRIPTION = "Service"


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines that add up, a rounding amount (0 when none is needed), and what was done in plain words."""

    lines: tuple[Line, ...]
    rounding: Decimal
    repairs: tuple[str, ...]

    @property
    def sums(self) -> Sums:
        sums = sums_of(self.lines)
        return Sums(sums.subtotal + self.rounding, sums.tax)


def plan_invoice(invoice: InvoiceDocument) -> Plan:
    """Return lines of which Xero will make exactly the invoice's totals.

    Raises Refused (TOTALS_DIFFER) when nothing makes them equal, or Xero has no such decimals or such large amounts.
    """
    _refuse_what_cannot_be_written(invoice)
    unit = max(minor_unit(invoice.currency), CENT)
    candidates = list(_with_discount(invoice, unit))
    found = (
        _as_they_are(candidates, invoice.totals)
        or _with_tax_amounts(candidates, invoice.totals, unit)
        or _with_rounding_line(candidates, invoice, unit)
    )
    if found is None:
        raise _totals_differ(invoice, candidates[0].sums.total)
    return found


def plainest(invoice: InvoiceDocument) -> Plan:
    """Return the lines as they would be written if nobody looked at the totals."""
    return next(_with_discount(invoice, max(minor_unit(invoice.currency), CENT)))


def _refuse_what_cannot_be_written(invoice: InvoiceDocument) -> None:
    totals = invoice.totals
    if totals.total < 0:
        raise Refused(Refusal(RefusalCode.NEGATIVE_TOTAL, details={"marker": invoice.number}))
    for figure in (totals.total, totals.tax, totals.subtotal, *(line.amount for line in invoice.lines)):
        if figure != round_half_up(figure, CENT):
            raise _differs(invoice, ours=figure, theirs=round_half_up(figure, CENT))
        if abs(figure) > _AMOUNT_MAX:
            raise _differs(invoice, ours=figure, theirs=_AMOUNT_MAX)


def _with_discount(invoice: InvoiceDocument, unit: Decimal) -> Iterator[Plan]:
    """Yield the ways to write the lines with their discount, the plainest first."""
    whole, told = _whole_lines(invoice)
    percent = invoice.discount_percent
    if not percent:
        yield Plan(whole, Decimal(0), told)
        return
    if decimals(percent) <= _DISCOUNT_DECIMALS_MAX:
        yield Plan(tuple(replace(line, discount_rate=percent) for line in whole), Decimal(0), told)
    yield _with_discount_amounts(invoice, Plan(whole, Decimal(0), told), unit)


def _whole_lines(invoice: InvoiceDocument) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines before discount, and what was done to write them."""
    lines = tuple(_line(line) for line in invoice.lines)
    rounded, folded = [], []
    for number, (line, asked) in enumerate(zip(lines, invoice.lines, strict=True), start=1):
        if line.unit_amount != asked.unit_price:
            folded.append(str(number))
        elif line.quantity != asked.quantity:
            rounded.append(str(number))
    told = []
    if rounded:
        told.append(
            f"The quantity of line {', '.join(rounded)} is sent with four decimals, as many as Xero keeps. "
            "The amount is the same."
        )
    if folded:
        told.append(
            f"Line {', '.join(folded)} is sent as one piece with its quantity and price in the description, since "
            "Xero would round them differently."
        )
    return lines, tuple(told)


def _line(line: DocumentLine) -> Line:
    rate = effective_rate(line.tax.components)
    plain = Line(line.description.strip() or _NO_DESCRIPTION, line.quantity, line.unit_price, rate)
    if decimals(line.quantity) > _FACTOR_DECIMALS_MAX:
        plain = replace(plain, quantity=round_half_up(line.quantity, _QUANTITY_UNIT))
    if decimals(line.unit_price) > _FACTOR_DECIMALS_MAX or plain.amount != line.amount:
        return _folded(plain, line.amount, f"{line.quantity.normalize():f} × {line.unit_price.normalize():f}")
    return plain


def _folded(line: Line, amount: Decimal, note: str) -> Line:
    """Return the line as one piece at the line's amount, with what it was in its description."""
    return replace(line, description=f"{line.description} ({note})", quantity=Decimal(1), unit_amount=amount)


def _with_discount_amounts(invoice: InvoiceDocument, whole: Plan, unit: Decimal) -> Plan:
    percent = f"{invoice.discount_percent.normalize():f} %"
    exact = [line.amount * invoice.discount_percent / _HUNDRED for line in whole.lines]
    shares = apportion(exact, invoice.totals.discount, unit) if exact else []
    lines = tuple(_less_discount(line, share, percent) for line, share in zip(whole.lines, shares, strict=True))
    told = f"The {percent} discount is given to Xero as an amount on each line, so that the sum is equal to the cent."
    return Plan(lines, Decimal(0), (*whole.repairs, told))


def _less_discount(line: Line, share: Decimal, percent: str) -> Line:
    if share == 0:
        return line
    if share < 0:  # a discount on a credit line makes it smaller, and Xero takes no negative discounts
        return _folded(line, line.amount - share, f"after {percent} discount")
    return replace(line, discount_amount=share)


def _as_they_are(candidates: Sequence[Plan], totals: InvoiceTotals) -> Plan | None:
    return next((plan for plan in candidates if plan.sums == Sums(totals.subtotal, totals.tax)), None)


def _with_tax_amounts(candidates: Sequence[Plan], totals: InvoiceTotals, unit: Decimal) -> Plan | None:
    for plan in candidates:
        if plan.sums.subtotal == totals.subtotal:
            mended = _tax_set(plan, totals.tax, unit)
            if mended is not None:
                return mended
    return None


def _tax_set(plan: Plan, tax: Decimal, unit: Decimal) -> Plan | None:
    """Return the plan with our tax, spread over as few lines as possible; None when a line would stray too far."""
    taxed = [place for place, line in enumerate(plan.lines) if line.exact_tax != 0]
    if not taxed:
        return None
    lines = list(plan.lines)
    for place, share in zip(taxed, apportion([lines[at].exact_tax for at in taxed], tax, unit), strict=True):
        if abs(share - lines[place].exact_tax) > _TAX_UNITS_PER_LINE_MAX * unit:
            return None
        if share != lines[place].tax:
            lines[place] = replace(lines[place], tax_amount=share)
    if sums_of(lines).tax != tax:
        return None
    changed = sum(line.tax_amount is not None for line in lines)
    told = (
        f"The tax of {changed} {'line is' if changed == 1 else 'lines are'} set to the amount on the invoice, since "
        "Xero rounds tax on each line and Keito once for each rate."
    )
    return Plan(tuple(lines), plan.rounding, (*plan.repairs, told))


def _with_rounding_line(candidates: Sequence[Plan], invoice: InvoiceDocument, unit: Decimal) -> Plan | None:
    if not invoice.rounding_account_id:
        return None
    for plan in candidates:
        gap = invoice.totals.subtotal - plan.sums.subtotal
        if abs(gap) > ROUNDING_MAX:
            continue
        mended = plan if plan.sums.tax == invoice.totals.tax else _tax_set(plan, invoice.totals.tax, unit)
        if mended is not None:
            told = f"A rounding line of {gap} {invoice.currency} is added on Xero's rounding account."
            return Plan(mended.lines, gap, (*mended.repairs, told))
    return None


def _totals_differ(invoice: InvoiceDocument, theirs: Decimal) -> Refused:
    return _differs(invoice, ours=invoice.totals.total, theirs=theirs)


def _differs(invoice: InvoiceDocument, *, ours: Decimal, theirs: Decimal) -> Refused:
    details = {
        "marker": invoice.number,
        "ours": f"{ours} {invoice.currency}",
        "theirs": f"{theirs} {invoice.currency}",
    }
    return Refused(Refusal(RefusalCode.TOTALS_DIFFER, details=details))
