"""One workspace's months: its clients, then every invoice with what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from keito_books.invoicing import actions
from keito_books.invoicing.demo.clients import DemoClient
from keito_books.invoicing.demo.work import PRICE_LIST, Bill, Ending
from keito_books.invoicing.drafts import InvoiceDraft, LineDraft
from keito_books.invoicing.models import Client, Invoice, ItemCategory, Project
from keito_books.money import Money
from keito_books.workspaces.models import Membership

_PAID_AFTER_DAYS = 19
_FIRST_PART = Decimal("0.4")
_HOME = "United Kingdom"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a time."""

    at: datetime
    happen: Callable[[datetime], object]


@dataclass(slots=True)
class Story:
    """The months before `now`; nothing happens after it."""

    by: Membership
    now: datetime
    clients: dict[str, Client] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    categories: dict[str, ItemCategory] = field(default_factory=dict)
    _invoices: dict[int, Invoice] = field(default_factory=dict)

    def meet(self, people: tuple[DemoClient, ...], at: datetime) -> None:
        """Take on the clients, with contacts and projects."""
        found = ItemCategory.objects.filter(workspace=self.by.workspace)
        self.categories = {category.name: category for category in found}
        for each in people:
            client = actions.create_client(each.details, by=self.by, now=at)
            actions.add_contact(client, each.contact, by=self.by, now=at)
            self.clients[each.key] = client
            for code, name in each.projects:
                project = actions.create_project(client, name=name, code=code, by=self.by, now=at)
                self.projects.setdefault(each.key, project)

    def part(self, people: tuple[DemoClient, ...]) -> None:
        """Archive the clients that are clients no more."""
        for each in people:
            if each.is_archived:
                actions.archive_client(self.clients[each.key], by=self.by, now=self.now)

    def tell(self, bills: tuple[Bill, ...]) -> None:
        """Let everything happen in the order of time."""
        events = [event for index, bill in enumerate(bills) for event in self._events(index, bill)]
        for event in sorted(events, key=lambda each: each.at):  # stable: events of one moment keep their order
            event.happen(event.at)

    def _events(self, index: int, bill: Bill) -> list[Event]:
        issued_on = self._today() - timedelta(days=bill.days_ago)
        events = [Event(self._clock(issued_on, 9, index), lambda at: self._draft(index, bill, issued_on, at))]
        if bill.ending == Ending.DRAFT:
            return events
        events.append(Event(self._clock(issued_on, 11, index), lambda at: self._send(index, at)))
        paid_on = min(issued_on + timedelta(days=_PAID_AFTER_DAYS), self._today() - timedelta(days=1))
        if bill.ending in (Ending.PARTLY_PAID, Ending.PAID_IN_PARTS):
            first_on = issued_on + (paid_on - issued_on) // 2
            events.append(Event(self._clock(first_on, 14, index), lambda at: self._pay(index, _FIRST_PART, at)))
        if bill.ending in (Ending.PAID, Ending.PAID_IN_PARTS):
            events.append(Event(self._clock(paid_on, 15, index), lambda at: self._pay(index, Decimal(1), at)))
        if bill.ending == Ending.CLOSED:
            events.append(Event(self._clock(paid_on, 16, index), lambda at: self._close(index, at)))
        return events

    def _draft(self, index: int, bill: Bill, issued_on: date, at: datetime) -> None:
        client = self.clients[bill.client]
        blank = actions.blank_draft(client, today=issued_on)
        draft = replace(
            blank,
            lines=tuple(self._line(key, client, bill, blank) for key in bill.offers.split()),
            discount_percent=Decimal(bill.discount),
            purchase_order=bill.purchase_order,
            subject=bill.subject,
            tax2_percent=blank.tax2_percent if bill.has_eco_levy else None,
            tax2_label=blank.tax2_label if bill.has_eco_levy else "",
        )
        self._invoices[index] = actions.create_draft(draft, by=self.by, now=at)

    def _line(self, key: str, client: Client, bill: Bill, blank: InvoiceDraft) -> LineDraft:
        offer = PRICE_LIST[key]
        is_at_home = client.country == _HOME
        return LineDraft(
            description=offer.description,
            quantity=offer.quantity,
            unit_price=offer.unit_price,
            taxed=is_at_home and blank.tax_percent is not None,
            taxed2=bill.has_eco_levy and offer.category == "Product",
            category=self.categories[offer.category],
            project=self.projects.get(bill.client) if offer.category == "Service" else None,
        )

    def _send(self, index: int, at: datetime) -> None:
        invoice = self._invoices[index]
        self._invoices[index] = actions.send_invoice(invoice, actions.blank_letter(invoice), by=self.by, now=at)

    def _pay(self, index: int, share: Decimal, at: datetime) -> None:
        """Record a share of what is still due."""
        invoice = self._invoices[index]
        amount = Money(invoice.due_amount * share, invoice.currency).rounded().amount
        paid_on = at.astimezone(self.by.workspace.zone).date()
        payment = actions.record_payment(
            invoice,
            amount=amount,
            paid_on=paid_on,
            by=self.by,
            now=at,
            notes="Bank transfer",
            transaction_id=f"BT-{paid_on:%y%m%d}-{index:03d}",
        )
        self._invoices[index] = payment.invoice

    def _close(self, index: int, at: datetime) -> None:
        self._invoices[index] = actions.close_invoice(self._invoices[index], by=self.by, now=at)

    def _today(self) -> date:
        return self.now.astimezone(self.by.workspace.zone).date()

    def _clock(self, day: date, hour: int, index: int) -> datetime:
        """Return a time of that day, never later than now."""
        return min(datetime.combine(day, time(hour, index % 60), self.by.workspace.zone), self.now)
