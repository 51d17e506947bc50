"""What people do in Xero behind an app's back: `POST /_sandbox/bookkeeper {"organisation":..., "do":...}`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from xero_sandbox.books import Books
from xero_sandbox.identity.connections import live_connections
from xero_sandbox.posting import Posting
from xero_sandbox.records.contact import Contact
from xero_sandbox.records.invoice import Invoice
from xero_sandbox.records.organisation import Organisation
from xero_sandbox.records.payment import Payment
from xero_sandbox.records.roles import Role
from xero_sandbox.records.settings import Account, TaxComponent, TaxRate, TrackingCategory, TrackingOption
from xero_sandbox.rules.accounts import takes_payments
from xero_sandbox.rules.amounts import effective_rate, line_amount, line_tax, round_to
from xero_sandbox.rules.credits import a_credit_note, copy_of_credit
from xero_sandbox.rules.invoices import add_up, copy_of
from xero_sandbox.rules.statuses import has_money
from xero_sandbox.sandbox import Sandbox

Json = dict[str, Any]
Found = TypeVar("Found")
NAME = "Bookkeeper"


class CannotDo(Exception):
    """The bookkeeper cannot do that; the sentence says why."""


class Bookkeeper:
    """Works in one organisation. Each public method is one thing to do; its name is its words."""

    def __init__(self, sandbox: Sandbox, organisation: Organisation, asked: Json) -> None:
        self._sandbox = sandbox
        self._organisation = organisation
        self._books: Books = sandbox.books(organisation.organisation_id)
        self._asked = asked
        self._now = sandbox.world.clock.now()
        touches = sandbox.world.readings.payments_touch_their_document
        self._posting = Posting(self._books, self._now, NAME, payments_touch=touches)

    # Contacts

    def archive_contact(self) -> Json:
        return self._save_contact(status="ARCHIVED")

    def restore_contact(self) -> Json:
        return self._save_contact(status="ACTIVE")

    def rename_contact(self) -> Json:
        return self._save_contact(name=self._text("name"))

    def merge_contacts(self) -> Json:
        """The merged one is archived and points at the other, which takes over its documents."""
        loser, winner = self._contact(), self._contact("into")
        for credit in self._books.credits.of_contact(loser.contact_id):
            given = copy_of_credit(credit)
            given.contact_id = winner.contact_id
            self._posting.save_credit(given, "Edited", f"Contact merged into {winner.name}")
        for invoice in self._books.invoices_of_contact(loser.contact_id):
            moved = copy_of(invoice)
            moved.contact_id = winner.contact_id
            self._posting.save_invoice(moved, "Edited", f"Contact merged into {winner.name}")
        self._books.save_contact(replace(loser, status="ARCHIVED", merged_to=winner.contact_id, updated=self._now))
        return {"contact_id": loser.contact_id, "merged_to": winner.contact_id}

    def _save_contact(self, **changes: str) -> Json:
        contact = self._contact()
        self._books.save_contact(replace(contact, updated=self._now, **changes))  # type: ignore[arg-type]  # texts only
        return {"contact_id": contact.contact_id}

    # Accounts, taxes, tracking, settings

    def archive_account(self) -> Json:
        return self._set_account_status("ARCHIVED")

    def restore_account(self) -> Json:
        return self._set_account_status("ACTIVE")

    def _set_account_status(self, status: str) -> Json:
        account = replace(self._account(), status=status, updated=self._now)
        self._books.keep(self._organisation.accounts, account.account_id, account)
        return {"account_id": account.account_id}

    def change_tax_rate(self) -> Json:
        rate = self._tax_rate()
        component = TaxComponent(rate.components[0].name if rate.components else "Tax", self._amount("rate"))
        changed = replace(rate, components=[component], status="ACTIVE")
        self._books.keep(self._organisation.tax_rates, rate.tax_type, changed)
        return {"tax_type": rate.tax_type}

    def delete_tax_rate(self) -> Json:
        rate = self._tax_rate()
        self._books.keep(self._organisation.tax_rates, rate.tax_type, replace(rate, status="DELETED"))
        return {"tax_type": rate.tax_type}

    def remove_tracking_option(self) -> Json:
        option = self._option()
        option.status = "ARCHIVED"
        return {"option_id": option.option_id}

    def rename_tracking_option(self) -> Json:
        option = self._option()
        option.name = self._text("name")
        return {"option_id": option.option_id}

    def remove_tracking_category(self) -> Json:
        category = self._category()
        category.status = "ARCHIVED"
        return {"category_id": category.category_id}

    def set_lock_date(self) -> Json:
        """`date` closes what is dated on or before it, null opens again; `for`: "everyone" or "all but advisers"."""
        given = self._asked.get("date")
        lock = None if given is None else self._day("date")
        if self._asked.get("for", "everyone") == "all but advisers":
            self._organisation.period_lock_date = lock
        else:
            self._organisation.end_of_year_lock_date = lock
        return {"date": given}

    def rename_organisation(self) -> Json:
        self._organisation.name = self._text("name")
        return {"organisation_id": self._organisation.organisation_id}

    def unsubscribe_currency(self) -> Json:
        code = self._text("currency").upper()
        if self._organisation.currencies.pop(code, None) is None:
            raise CannotDo(f"{self._organisation.name} is not subscribed to {code}.")
        return {"currency": code}

    def cap_approvals(self) -> Json:
        """`invoices` and `bills` a month, as old plans have it; null lifts the cap."""
        sales, bills = self._asked.get("invoices"), self._asked.get("bills")
        self._organisation.sales_approvals_per_month = None if sales is None else int(self._amount("invoices"))
        self._organisation.bill_approvals_per_month = None if bills is None else int(self._amount("bills"))
        return {"invoices": sales, "bills": bills}

    def allow_emails(self) -> Json:
        """`emails` a day; null leaves it to the plan, and a demo company's plan allows none."""
        given = self._asked.get("emails")
        self._organisation.emails_a_day = None if given is None else int(self._amount("emails"))
        return {"emails": given}

    def go_offline(self) -> Json:
        self._organisation.offline = True
        return {}

    def come_online(self) -> Json:
        self._organisation.offline = False
        return {}

    # Invoices and payments

    def approve_invoice(self) -> Json:
        return self._move_invoice(("DRAFT", "SUBMITTED"), "AUTHORISED", "Approved")

    def void_invoice(self) -> Json:
        invoice = self._invoice()
        if has_money(invoice):
            raise CannotDo(f"{invoice.number} has payments or credits; delete them first.")
        return self._move_invoice(("AUTHORISED",), "VOIDED", "Voided")

    def delete_invoice(self) -> Json:
        return self._move_invoice(("DRAFT", "SUBMITTED"), "DELETED", "Deleted")

    def edit_invoice(self) -> Json:
        """Change `reference`, `due_date`, `number`, or of the first line `description`, `quantity`, `unit_amount`."""
        invoice = copy_of(self._invoice())
        invoice.reference = str(self._asked.get("reference", invoice.reference))
        invoice.number = str(self._asked.get("new_number", invoice.number))
        if "due_date" in self._asked:
            invoice.due_date = self._day("due_date")
        if invoice.lines:
            self._edit_line(invoice)
        self._posting.save_invoice(invoice, "Edited", f"Edited, now {invoice.total} {invoice.currency}")
        return {"invoice_id": invoice.invoice_id}

    def pay_invoice(self) -> Json:
        """Pay `amount` (all that is due) into `account` (the first bank account) on `date` (today)."""
        invoice = self._invoice()
        amount = self._amount("amount") if "amount" in self._asked else invoice.amount_due
        if invoice.status != "AUTHORISED" or not 0 < amount <= invoice.amount_due:
            raise CannotDo(
                f"{invoice.number} is {invoice.status} with {invoice.amount_due} due: {amount} cannot be paid."
            )
        account = self._account() if "account" in self._asked else self._bank()
        paid_on = self._day("date") if "date" in self._asked else self._now.date()
        payment = self._posting.new_payment(invoice, account.account_id, round_to(amount), paid_on)
        payment.reference = str(self._asked.get("reference", ""))
        return {"payment_id": self._posting.pay(payment).payment_id, "invoice_id": invoice.invoice_id}

    def credit_invoice(self) -> Json:
        """Write a credit note over `amount` (all that is due), and settle the invoice with it."""
        invoice = self._invoice()
        amount = round_to(self._amount("amount")) if "amount" in self._asked else invoice.amount_due
        if invoice.status != "AUTHORISED" or not 0 < amount <= invoice.amount_due:
            raise CannotDo(
                f"{invoice.number} is {invoice.status} with {invoice.amount_due} due: no credit of {amount}."
            )
        note = a_credit_note(invoice, amount, self._books.next_credit_note_number(), self._now)
        self._posting.save_credit(note, "Approved", f"{amount} {note.currency}")
        self._posting.allocate(note, invoice, amount, note.dated)
        return {"credit_note_id": note.credit_id, "number": note.number}

    def delete_payment(self) -> Json:
        payment = self._payment()
        self._posting.delete_payment(payment)
        return {"payment_id": payment.payment_id}

    def reconcile_payment(self) -> Json:
        payment = self._payment()
        self._books.save_payment(replace(payment, is_reconciled=True, updated=self._now))
        return {"payment_id": payment.payment_id}

    def _move_invoice(self, allowed: tuple[str, ...], status: str, change: str) -> Json:
        invoice = copy_of(self._invoice())
        if invoice.status not in allowed:
            raise CannotDo(f"{invoice.number} is {invoice.status}, not {' or '.join(allowed)}.")
        if status == "AUTHORISED" and invoice.due_date is None:
            invoice.due_date = invoice.dated + timedelta(days=30)
        invoice.status = status
        self._posting.save_invoice(invoice, change, f"{change} by {NAME}")
        return {"invoice_id": invoice.invoice_id}

    def _edit_line(self, invoice: Invoice) -> None:
        line = invoice.lines[0]
        line.description = str(self._asked.get("description", line.description))
        if "quantity" in self._asked:
            line.quantity = self._amount("quantity")
        if "unit_amount" in self._asked:
            line.unit_amount = self._amount("unit_amount")
        if line.quantity is None or line.unit_amount is None:
            return
        rate = self._organisation.tax_rates.get(line.tax_type)
        line.line_amount = line_amount(line.quantity, line.unit_amount, line.discount_rate, line.discount_amount)
        percentage = effective_rate(rate.components) if rate else Decimal(0)
        line.tax_amount = line_tax(line.line_amount, percentage, invoice.line_amount_types)
        add_up(invoice)

    # Apps and people

    def disconnect_app(self) -> Json:
        """End all connections of the organisation (of the app `client_id`, if one is named)."""
        identity = self._sandbox.world.identity
        ended = 0
        for client_id in identity.apps:
            if self._asked.get("client_id", client_id) != client_id:
                continue
            for one in live_connections(identity, client_id=client_id):
                if one.tenant_id == self._organisation.organisation_id:
                    one.disconnected_at = self._now
                    ended += 1
        return {"ended": ended}

    def withdraw_invoice_permission(self) -> Json:
        return self._set_role(Role.READ_ONLY)

    def give_invoice_permission(self) -> Json:
        return self._set_role(Role.STANDARD)

    def set_role(self) -> Json:
        wanted = self._text("role")
        if wanted not in list(Role):
            raise CannotDo(f'There is no role "{wanted}". Choose one of: {", ".join(Role)}.')
        return self._set_role(Role(wanted))

    def remove_user(self) -> Json:
        changed = [one for one in self._people() if one.roles.pop(self._organisation.organisation_id, None)]
        return {"users": [one.email for one in changed]}

    def _set_role(self, role: Role) -> Json:
        people = self._people()
        for one in people:
            one.roles[self._organisation.organisation_id] = role
        return {"users": [one.email for one in people], "role": role}

    def _people(self) -> list[Any]:
        """Return all of the organisation, or the one with the `email`."""
        email = self._asked.get("email")
        found = [
            one
            for one in self._sandbox.world.identity.people.values()
            if self._organisation.organisation_id in one.roles and email in (None, one.email)
        ]
        if not found:
            raise CannotDo(f"{self._organisation.name} has no such person.")
        return found

    # What the words in the request stand for

    def _contact(self, name: str = "contact") -> Contact:
        wanted = self._text(name)
        named = self._books.contacts_named(wanted)
        found = self._books.contact(wanted) or self._books.contact_numbered(wanted) or (named[0] if named else None)
        return self._known(found, wanted)

    def _account(self) -> Account:
        wanted = self._text("account")
        named = (one for one in self._organisation.accounts.values() if one.name == wanted)
        found = self._books.account(wanted) or self._books.account_coded(wanted) or next(named, None)
        return self._known(found, wanted)

    def _bank(self) -> Account:
        banks = [one for one in self._organisation.accounts.values() if one.type == "BANK" and takes_payments(one)]
        return self._known(banks[0] if banks else None, "bank account")

    def _invoice(self) -> Invoice:
        wanted = self._text("invoice")
        numbered = self._books.invoices_numbered(wanted)
        return self._known(self._books.invoice(wanted) or (numbered[0] if numbered else None), wanted)

    def _payment(self) -> Payment:
        """Return the payment with the id, or the newest one of an invoice."""
        if "payment" in self._asked:
            found = self._books.payment(self._text("payment"))
        else:
            invoice = self._invoice()
            live = [self._organisation.payments[one] for one in invoice.payment_ids]
            found = next((one for one in reversed(live) if one.status != "DELETED"), None)
        payment = self._known(found, "payment")
        if payment.status == "DELETED":
            raise CannotDo("The payment is deleted already.")
        return payment

    def _tax_rate(self) -> TaxRate:
        wanted = self._text("tax_type")
        return self._known(self._organisation.tax_rates.get(wanted.upper()), wanted)

    def _category(self) -> TrackingCategory:
        wanted = self._text("category")
        return self._known(next((one for one in self._organisation.tracking if one.name == wanted), None), wanted)

    def _option(self) -> TrackingOption:
        wanted = self._text("option")
        return self._known(next((one for one in self._category().options if one.name == wanted), None), wanted)

    def _known(self, found: Found | None, wanted: str) -> Found:
        if found is None:
            raise CannotDo(f'{self._organisation.name} has no "{wanted}".')
        return found

    def _text(self, name: str) -> str:
        value = self._asked.get(name)
        if not isinstance(value, str) or not value:
            raise CannotDo(f'"{name}" must say which.')
        return value

    def _amount(self, name: str) -> Decimal:
        try:
            amount = Decimal(str(self._asked.get(name)))
        except InvalidOperation as problem:
            raise CannotDo(f'"{name}" must be a number.') from problem
        if not amount.is_finite() or not 0 <= amount <= 10**10:
            raise CannotDo(f'"{name}" is out of range.')
        return amount

    def _day(self, name: str) -> date:
        try:
            return date.fromisoformat(str(self._asked.get(name)))
        except ValueError as problem:
            raise CannotDo(f'"{name}" must be a date, as 2026-11-22.') from problem


DEEDS: dict[str, Callable[[Bookkeeper], Json]] = {
    name.replace("_", " "): method
    for name, method in vars(Bookkeeper).items()
    if callable(method) and not name.startswith("_")
}


def do(sandbox: Sandbox, asked: Json) -> Json:
    """Carry out what the door was asked; raises CannotDo."""
    organisation = sandbox.world.organisation_named(str(asked.get("organisation", "")))
    if organisation is None:
        names = ", ".join(one.name for one in sandbox.world.organisations.values())
        raise CannotDo(f'"organisation" must be one of: {names}.')
    deed = DEEDS.get(str(asked.get("do", "")).strip().lower())
    if deed is None:
        raise CannotDo(f'"do" must be one of: {"; ".join(DEEDS)}.')
    return deed(Bookkeeper(sandbox, organisation, asked))
