"""Read what was chosen, and which tax situations the invoices need."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.fields import DecimalField

from keito_books.connections.models import Connection
from keito_books.invoicing.models import Invoice, InvoiceLine, InvoiceSettings, State
from keito_books.mapping.books import Books
from keito_books.mapping.models import AccountOverride, CurrencyChoice, Preferences, TaxMapping, TrackingMapping
from keito_books.mapping.resolve import Choices, CurrencyRule, TrackingRule
from keito_books.mapping.situations import Situation
from keito_books.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class SituationInUse:
    """A tax situation, how many open invoices have it on a line, and what to call it."""

    situation: Situation
    open_invoices: int
    label: str


def preferences_of(connection: Connection) -> Preferences:
    """Return the settings; unsaved and empty when nothing was chosen yet."""
    return Preferences.objects.filter(connection=connection).first() or Preferences(connection=connection)


def choices_of(connection: Connection) -> Choices:
    """Return all that was chosen for a connection, as one value."""
    preferences = preferences_of(connection)
    overrides = AccountOverride.objects.filter(connection=connection)
    return Choices(
        revenue_account_id=preferences.revenue_account_id,
        payment_account_id=preferences.payment_account_id,
        as_draft=preferences.invoices_as == Preferences.InvoicesAs.DRAFT,
        taxes={
            Situation.of(each.tax1, each.tax2): each.tax_type
            for each in TaxMapping.objects.filter(connection=connection)
        },
        project_accounts={str(each.project_id): each.account_id for each in overrides if each.project_id},
        category_accounts={str(each.category_id): each.account_id for each in overrides if each.category_id},
        currencies={
            each.currency: CurrencyRule(each.payment_account_id, each.rate)
            for each in CurrencyChoice.objects.filter(connection=connection)
        },
        tracking=tuple(
            TrackingRule(each.category_id, each.source, each.fixed_option_id, each.options)
            for each in TrackingMapping.objects.filter(connection=connection).order_by("category_id")
        ),
    )


def foreign_currencies(connection: Connection, books: Books) -> list[str]:
    """Return the currencies of invoices that may be copied, and of choices made earlier, without the organisation's."""
    finalized = Invoice.objects.filter(workspace_id=connection.workspace_id, state__in=[State.OPEN, State.PAID])
    used = set(finalized.order_by().values_list("currency", flat=True).distinct())
    used |= set(CurrencyChoice.objects.filter(connection=connection).values_list("currency", flat=True))
    return sorted(used - {books.content.organisation.base_currency})


def situations_in_use(workspace: Workspace) -> list[SituationInUse]:
    """Return the situations of all invoices that may be copied and of the invoice settings, lowest rate first."""
    counts: dict[Situation, int] = {}
    rows = (
        InvoiceLine.objects.filter(workspace=workspace, invoice__state__in=[State.OPEN, State.PAID])
        .annotate(tax1=_percent("taxed", "invoice__tax_percent"), tax2=_percent("taxed2", "invoice__tax2_percent"))
        .values("tax1", "tax2")
        .annotate(open=Count("invoice", distinct=True, filter=Q(invoice__state=State.OPEN)))
        .order_by()
    )
    for row in rows:
        situation = Situation.of(row["tax1"], row["tax2"])
        counts[situation] = counts.get(situation, 0) + row["open"]
    settings = InvoiceSettings.objects.filter(workspace=workspace).first()
    for situation in _of_settings(settings):
        counts.setdefault(situation, 0)
    found = [SituationInUse(each, count, _label(each, settings)) for each, count in counts.items()]
    return sorted(found, key=lambda use: (use.situation.rate, use.situation.key))


def _percent(flag: str, percent: str) -> Case:
    return Case(When(**{flag: True}, then=F(percent)), default=Value(None), output_field=DecimalField(null=True))


def _of_settings(settings: InvoiceSettings | None) -> list[Situation]:
    situations = [Situation.of(None, None)]
    if settings is None:
        return situations
    if settings.tax_percent is not None:
        situations.append(Situation.of(settings.tax_percent, None))
    if settings.tax2_percent is not None:
        situations.append(Situation.of(None, settings.tax2_percent))
    if settings.tax_percent is not None and settings.tax2_percent is not None:
        situations.append(Situation.of(settings.tax_percent, settings.tax2_percent))
    return situations


def _label(situation: Situation, settings: InvoiceSettings | None) -> str:
    """Return "VAT 20 % and Eco levy 2 %", or "No tax"."""
    first = settings.tax_label if settings and settings.tax_label else "Tax 1"
    second = settings.tax2_label if settings and settings.tax2_label else "Tax 2"
    parts = [
        f"{name} {percent_word(percent)}"
        for name, percent in ((first, situation.tax1), (second, situation.tax2))
        if percent is not None
    ]
    return " and ".join(parts) or "No tax"


def percent_word(percent: Decimal) -> str:
    """Return "20 %" for 20.0000."""
    return f"{percent.normalize():f} %" if percent else "0 %"
