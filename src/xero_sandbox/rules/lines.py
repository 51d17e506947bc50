"""What a line of a document may say, and what follows from it (xero-api reference 6.1, 6.2 and 6.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from xero_sandbox import messages
from xero_sandbox.books import Books
from xero_sandbox.readings import Readings
from xero_sandbox.records.invoice import LineItem, LineTracking
from xero_sandbox.records.settings import Account
from xero_sandbox.rules.accounts import account_class, fits_a_line
from xero_sandbox.rules.amounts import HUNDRED, QUANTITY_STEP, ZERO, effective_rate, line_amount, line_tax, round_to
from xero_sandbox.wire.fields import Fields
from xero_sandbox.wire.ids import new_id

DESCRIPTION_MAX = 4_000
LINE_AMOUNT_MAX = Decimal("9999999999.99")
TRACKING_MAX = 2
NO_TAX = "NONE"
PRICE_STEP = Decimal("0.0001")  # prices are kept in full, and shown as unitdp says


@dataclass(frozen=True, slots=True)
class Setting:
    """What a line needs to know of its document and organisation."""

    books: Books
    takes_discounts: bool  # sales invoices do
    line_amount_types: str
    price_step: Decimal
    approving: bool  # SUBMITTED or AUTHORISED: then a line must be complete
    readings: Readings
    sale: bool  # money comes in: an item gives what it sells for, else what it costs
    system_account: str = ""  # the one that an overpayment goes to


def read_lines(given: list[Fields], before: Iterable[LineItem], setting: Setting) -> tuple[list[LineItem], list[str]]:
    """Return the new set of lines: one with its id changes that line, one without is added (6.2 [INV])."""
    known = {line.line_id: line for line in before}
    lines: list[LineItem] = []
    problems: list[str] = []
    for asked in given:
        line_id = asked.guid("LineItemID")
        if line_id is not None and line_id not in known:
            problems.append(messages.LINE_ID_UNKNOWN)
            continue
        old = known.pop(line_id, None) if line_id else None
        line, complaints = read_line(asked, old, setting)
        lines.append(line)
        problems += complaints
    return lines, problems


def read_line(asked: Fields, old: LineItem | None, setting: Setting) -> tuple[LineItem, list[str]]:
    line = replace(old, tracking=list(old.tracking)) if old else LineItem(new_id())
    problems = _read_texts(line, asked)
    asked, complaints = _with_item(line, asked, setting)
    problems += complaints
    problems += _read_account(line, asked, setting)
    problems += _read_discount(line, asked, setting)
    problems += _read_amounts(line, asked, setting)
    problems += _read_tracking(line, asked, setting)
    problems += _read_tax(line, asked, setting)
    return line, problems


def retax(line: LineItem, setting: Setting) -> LineItem:
    """Return the line with its tax worked out anew, as when LineAmountTypes changes."""
    fresh = replace(line)
    _calculate_tax(fresh, setting)
    return fresh


def is_description_only(line: LineItem) -> bool:
    return bool(line.description) and line.quantity is None and line.unit_amount is None and line.line_amount == 0


def completeness(line: LineItem) -> list[str]:
    """Return what a line still lacks for approval (6.1)."""
    if is_description_only(line):
        return []
    problems = [] if line.description.strip() else [messages.DESCRIPTION_MISSING]
    if not line.account_id and not line.account_code:
        problems.append(messages.ACCOUNT_MISSING)
    elif line.account_id and not line.tax_type:
        problems.append(messages.TAX_TYPE_MANDATORY)
    return problems


def _read_texts(line: LineItem, asked: Fields) -> list[str]:
    description = asked.text("Description")
    if description is not None:
        line.description = description
    too_long = len(line.description) > DESCRIPTION_MAX
    return [messages.too_long("Description", DESCRIPTION_MAX)] if too_long else []


def _with_item(line: LineItem, asked: Fields, setting: Setting) -> tuple[Fields, list[str]]:
    """Return what is asked, filled up from the item that it names: explicit values win (6.1 [INV])."""
    code = asked.stripped("ItemCode")
    if not code:
        return asked, []
    item = setting.books.item_coded(code)
    if item is None:
        return asked, [messages.item_unknown(code)]
    line.item_code = item.code
    details = item.sales if setting.sale else item.purchase
    line.description = line.description or (item.description if setting.sale else item.purchase_description)
    defaults: dict[str, object] = {}
    if details.unit_price is not None and line.unit_amount is None and not asked.has("LineAmount"):
        defaults["UnitAmount"] = details.unit_price
    if details.account_code and not line.account_id and not asked.has("AccountID"):
        defaults["AccountCode"] = details.account_code
    if details.tax_type and not line.tax_type:
        defaults["TaxType"] = details.tax_type
    given = {name: value for name, value in asked.values.items() if value is not None}
    return Fields({**defaults, **given}, asked.name), []


def _read_account(line: LineItem, asked: Fields, setting: Setting) -> list[str]:
    """An account must be active, and no bank or system account (messages 8 and 9)."""
    code, account_id = asked.stripped("AccountCode"), asked.guid("AccountID")
    if not code and not account_id and setting.system_account and not line.account_id:
        accounts = setting.books.organisation.accounts.values()
        account_id = next((one.account_id for one in accounts if one.system_account == setting.system_account), None)
    if not code and not account_id:
        return []
    account = setting.books.account(account_id) if account_id else setting.books.account_coded(code or "")
    named = line.account_code = code or account_id or ""
    if account is None or not fits_a_line(account, setting.system_account):
        return [messages.account_invalid(named)]
    if account.status != "ACTIVE":
        return [messages.account_archived(named)]
    if line.account_id != account.account_id and not asked.has("TaxType"):
        line.tax_type = ""  # another account brings its own default
    line.account_id, line.account_code = account.account_id, account.code
    return []


def _read_discount(line: LineItem, asked: Fields, setting: Setting) -> list[str]:
    rate, amount = asked.decimal("DiscountRate"), asked.decimal("DiscountAmount")
    if not rate and not amount:
        if asked.has("DiscountRate") or asked.has("DiscountAmount"):
            line.discount_rate = line.discount_amount = None
        return []
    if not setting.takes_discounts:
        return [messages.DISCOUNT_ON_BILL]
    if rate and amount:
        return [messages.DISCOUNT_TWICE]
    if rate and not 0 <= rate <= HUNDRED:
        return [messages.DISCOUNT_RATE_RANGE]
    line.discount_rate = rate or None
    line.discount_amount = round_to(amount) if amount else None
    return []


def _read_amounts(line: LineItem, asked: Fields, setting: Setting) -> list[str]:
    """LineAmount follows from quantity and price; given one factor and LineAmount, the other follows (6.5.2)."""
    quantity, unit_amount = asked.decimal("Quantity"), asked.decimal("UnitAmount")
    given = asked.decimal("LineAmount")
    if quantity is not None:
        line.quantity = round_to(quantity, QUANTITY_STEP)
    if unit_amount is not None:
        line.unit_amount = round_to(unit_amount, setting.price_step)
    if given is not None:
        _derive_factor(line, given, asked, setting)
    if line.quantity is None and line.unit_amount is not None:
        line.quantity = Decimal("1.0000")
    if line.quantity is None or line.unit_amount is None:
        line.line_amount = round_to(given or Decimal(0))
        return [messages.LINE_INCOMPLETE] if given or (line.quantity is not None and setting.approving) else []
    line.line_amount = line_amount(
        line.quantity,
        line.unit_amount,
        line.discount_rate,
        line.discount_amount,
        halves_up=setting.readings.negative_halves_round_up,
    )
    if abs(line.line_amount) > LINE_AMOUNT_MAX:
        line.line_amount = ZERO  # it is refused: no tax or sum is to grow out of it
        return [messages.LINE_TOO_LARGE]
    if given is not None and round_to(given) != line.line_amount:
        return [messages.line_total_differs(round_to(given), line.line_amount)]
    return []


def _derive_factor(line: LineItem, given: Decimal, asked: Fields, setting: Setting) -> None:
    if line.discount_rate is not None or line.discount_amount is not None:
        return
    if asked.has("Quantity") and not asked.has("UnitAmount") and line.quantity:
        line.unit_amount = round_to(given / line.quantity, setting.price_step)
    elif asked.has("UnitAmount") and not asked.has("Quantity") and line.unit_amount:
        line.quantity = round_to(given / line.unit_amount, QUANTITY_STEP)
    elif not asked.has("UnitAmount") and not asked.has("Quantity") and line.unit_amount is None:
        line.quantity, line.unit_amount = Decimal("1.0000"), round_to(given, setting.price_step)


def _read_tracking(line: LineItem, asked: Fields, setting: Setting) -> list[str]:
    given = asked.children("Tracking")
    if given is None:
        return []
    if len(given) > TRACKING_MAX:
        return [messages.TRACKING_TWO]
    problems: list[str] = []
    line.tracking = []
    for one in given:
        found = _tracking(one, setting)
        if found is None:
            category = one.stripped("Name") or one.stripped("TrackingCategoryID") or ""
            option = one.stripped("Option") or one.stripped("TrackingOptionID") or ""
            problems.append(messages.tracking_unknown(category, option))
        else:
            line.tracking.append(found)
    return problems


def _tracking(asked: Fields, setting: Setting) -> LineTracking | None:
    """Find a category by name or id, and its option likewise; archived ones do not count."""
    category_id, option_id = asked.guid("TrackingCategoryID"), asked.guid("TrackingOptionID")
    name, option = (asked.stripped("Name") or "").casefold(), (asked.stripped("Option") or "").casefold()
    for category in setting.books.organisation.tracking:
        if category.status != "ACTIVE" or (
            category.category_id != category_id if category_id else category.name.casefold() != name
        ):
            continue
        for one in category.options:
            same = one.option_id == option_id if option_id else one.name.casefold() == option
            if same and one.status == "ACTIVE":
                return LineTracking(category.category_id, one.option_id, category.name, one.name)
    return None


def _read_tax(line: LineItem, asked: Fields, setting: Setting) -> list[str]:
    """The type must exist, be active, and fit the account's class (messages 10 and 11)."""
    account = setting.books.account(line.account_id) if line.account_id else None
    asked_type = asked.stripped("TaxType")
    if asked_type:
        line.tax_type = asked_type.upper()
    elif not line.tax_type and account:
        line.tax_type = account.tax_type  # [DOCKET]: account 200 brings OUTPUT2
    if setting.line_amount_types == "NoTax":
        line.tax_type = NO_TAX
    problems = _tax_problems(line, account, setting)
    override = asked.decimal("TaxAmount")
    line.tax_is_given = override is not None and setting.line_amount_types != "NoTax"
    if override is not None and line.tax_is_given:
        line.tax_amount = round_to(override)  # 6.5.5 [OAS]; its limits are not known (open question 4)
        if setting.readings.tax_amount_over_price_is_refused and abs(override) > abs(line.unit_amount or ZERO):
            problems.append(messages.TAX_OVER_PRICE)
    elif not problems:
        _calculate_tax(line, setting)
    return problems


def _tax_problems(line: LineItem, account: Account | None, setting: Setting) -> list[str]:
    if not line.tax_type:
        return []
    rate = setting.books.organisation.tax_rates.get(line.tax_type)
    if rate is None or rate.status != "ACTIVE":
        return [messages.tax_type_unknown(line.tax_type)]
    if account and line.tax_type != NO_TAX and account_class(account.type) not in rate.applies_to:
        return [messages.tax_type_not_for_account(line.tax_type, account.code or account.account_id)]
    return []


def _calculate_tax(line: LineItem, setting: Setting) -> None:
    rate = setting.books.organisation.tax_rates.get(line.tax_type)
    percentage = effective_rate(rate.components) if rate else Decimal(0)
    line.tax_is_given = False
    line.tax_amount = line_tax(
        line.line_amount,
        percentage,
        setting.line_amount_types,
        halves_up=setting.readings.negative_halves_round_up,
    )
