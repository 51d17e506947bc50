"""Put together what Settings > Integrations > Xero shows: the connection, what was chosen, and what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from keito_books.connections.models import Connection
from keito_books.connections.queries import ConnectionFacts, facts_of
from keito_books.invoicing.models import Client, Invoice, InvoiceLine, ItemCategory, Project, State
from keito_books.mapping import proposals
from keito_books.mapping.books import Books, books_of
from keito_books.mapping.models import Preferences
from keito_books.mapping.queries import (
    SituationInUse,
    choices_of,
    foreign_currencies,
    preferences_of,
    situations_in_use,
)
from keito_books.mapping.resolve import Choices, label
from keito_books.mapping.situations import Situation
from keito_books.mapping.troubles import Trouble, troubles_of
from keito_books.mapping.versions import version
from keito_books.syncing.health import Health, health_of
from keito_books.syncing.lab import Effect, Tried, effect_of, tried
from keito_books.web.integrations.forms import (
    AccountsForm,
    BehaviourForm,
    CurrenciesForm,
    OverridesForm,
    SampleForm,
    Sources,
    TaxesForm,
    Thing,
    TrackingForm,
)
from keito_books.workspaces.models import Membership
from keito_books.workspaces.permissions import Ability, refusal

# A table of more rows than this helps nobody; the newest are shown, and the others keep what they have.
ROWS_MAX = 300
SECTIONS = ("accounts", "currencies", "taxes", "tracking", "overrides", "behaviour")
STEPS = ("accounts", "taxes", "tracking")


def _accounts_as_sent(saved: Mapping[str, str], sent: Mapping[Any, str]) -> dict[str, str]:
    chosen = {**saved, **{str(thing.pk): account for thing, account in sent.items()}}
    return {key: account for key, account in chosen.items() if account}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the first set-up: its place in the row, and whether it is done, current or still to come."""

    place: int
    name: str
    state: str


@dataclass
class SettingsPage:
    """Everything is read once, when it is first asked for. `data` is what was sent for `section`."""

    member: Membership
    connection: Connection
    now: datetime
    asked_step: str = ""
    section: str = ""
    data: Any = None
    problem: str = ""
    _forms: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def facts(self) -> ConnectionFacts:
        return facts_of(self.connection, now=self.now)

    @cached_property
    def health(self) -> Health:
        return health_of(self.connection, now=self.now)

    @cached_property
    def why_not(self) -> str:
        """Return why this person can't change anything here, or an empty string."""
        problem = refusal(self.member, Ability.MANAGE_INTEGRATIONS)
        return str(problem) if problem else ""

    @cached_property
    def books(self) -> Books | None:
        return books_of(self.connection)

    @cached_property
    def preferences(self) -> Preferences:
        return preferences_of(self.connection)

    @cached_property
    def choices(self) -> Choices:
        return choices_of(self.connection)

    @cached_property
    def uses(self) -> list[SituationInUse]:
        return situations_in_use(self.connection.workspace)

    # --- the first set-up ---------------------------------------------------------------------------------------
    @cached_property
    def step(self) -> str:
        """Return the step of the first set-up to show, empty once it is through."""
        if not self.choices.revenue_account_id:
            return "accounts"
        if not self.choices.taxes:
            return "taxes"
        return "tracking" if self.asked_step == "tracking" else ""

    @property
    def steps(self) -> list[Step]:
        words = ("Accounts", "Tax Rates", "Tracking Categories")
        at = STEPS.index(self.step) if self.step else len(STEPS)
        states = ["done" if place < at else "current" if place == at else "next" for place in range(len(STEPS))]
        return [Step(place + 1, word, state) for place, (word, state) in enumerate(zip(words, states, strict=True))]

    def shows(self, section: str) -> bool:
        return self.books is not None and not self.why_not and self.step in ("", section)

    shows_accounts = property(lambda self: self.shows("accounts"))
    shows_taxes = property(lambda self: self.shows("taxes"))
    shows_tracking = property(lambda self: self.shows("tracking"))
    shows_currencies = property(lambda self: self.shows("") and bool(self.currencies.currencies))
    shows_overrides = property(lambda self: self.shows(""))
    shows_behaviour = property(lambda self: self.shows(""))

    # --- accounts -----------------------------------------------------------------------------------------------
    @cached_property
    def accounts(self) -> AccountsForm:
        saved = self.preferences
        initial = {
            "revenue_account": saved.revenue_account_id or self.proposed_revenue,
            "payment_account": saved.payment_account_id or self.proposed_payment,
            "invoices_as": saved.invoices_as,
        }
        return AccountsForm(self._books, data=self._data_for("accounts"), initial=initial)

    @cached_property
    def proposed_revenue(self) -> str:
        account = None if self.preferences.saved_at else proposals.proposed_revenue_account(self._books)
        return account.id if account else ""

    @cached_property
    def proposed_payment(self) -> str:
        currency = self.connection.workspace.currency
        proposed = proposals.proposed_payment_account(self._books, currency=currency)
        return proposed.id if proposed and not self.preferences.saved_at else ""

    # --- currencies ---------------------------------------------------------------------------------------------
    @cached_property
    def currencies(self) -> CurrenciesForm:
        used = foreign_currencies(self.connection, self._books)
        return CurrenciesForm(used, self._books, saved=self.choices.currencies, data=self._data_for("currencies"))

    @property
    def base_currency(self) -> str:
        return self._books.content.organisation.base_currency

    @cached_property
    def seen(self) -> dict[str, str]:
        """Return, per section, what its form was filled from, so that a stale page overwrites nothing."""
        return {section: version(self.connection, section) for section in SECTIONS}

    # --- tax rates ----------------------------------------------------------------------------------------------
    @cached_property
    def taxes(self) -> TaxesForm:
        revenue = self._books.account(self.choices.revenue_account_id)
        missing = [use.situation for use in self.uses if use.situation not in self.choices.taxes]
        return TaxesForm(
            self.uses,
            self._books,
            saved=self.choices.taxes,
            proposed=proposals.proposed_taxes(missing, self._books, revenue_account=revenue),
            data=self._data_for("taxes"),
        )

    @property
    def tax_rows(self) -> list[Any]:
        return self.taxes.rows(self._tax_examples)

    @cached_property
    def troubles(self) -> list[Trouble]:
        """Return what was chosen and no longer holds in Xero."""
        return troubles_of(self.choices, self._books)

    # --- the lab: before anything is saved ----------------------------------------------------------------------
    def effect(self) -> Effect:
        """Return what saving the section as it was sent would change. Its form must be valid."""
        return effect_of(self.connection, self.choices, self._choices_as_sent())

    def _choices_as_sent(self) -> Choices:
        if self.section == "accounts":
            return replace(self.choices, revenue_account_id=self.accounts.cleaned_data["revenue_account"])
        if self.section == "taxes":
            chosen = {**self.choices.taxes, **self.taxes.chosen()}
            return replace(self.choices, taxes={key: value for key, value in chosen.items() if value})
        overrides = self.overrides
        return replace(
            self.choices,
            project_accounts=_accounts_as_sent(self.choices.project_accounts, overrides.chosen_projects()),
            category_accounts=_accounts_as_sent(self.choices.category_accounts, overrides.chosen_categories()),
        )

    @cached_property
    def sample(self) -> SampleForm:
        return SampleForm(self.uses, data=self._data_for("sample"))

    def tried(self) -> Tried:
        """Return what both sides make of the sample. Its form must be valid."""
        situation = self.sample.situation
        return tried(
            self.sample.sample(
                tax_type=str(self.data.get(situation.key) or self.choices.taxes.get(situation, "")),
                currency=self.connection.workspace.currency,
            ),
            self.connection,
            self._books,
        )

    @property
    def unmapped(self) -> list[SituationInUse]:
        """Return the situations that would stop an invoice from being copied."""
        return [use for use in self.uses if use.situation not in self.choices.taxes and use.open_invoices]

    # --- tracking -----------------------------------------------------------------------------------------------
    @cached_property
    def tracking(self) -> list[TrackingForm]:
        return [self.tracking_of(category.id) for category in self._books.active_tracking]

    def tracking_of(self, category_id: str, *, source: str | None = None) -> TrackingForm:
        """Return the form of one tracking category, with the table for another source if one is given."""
        category = self._books.category(category_id)
        if category is None:
            raise LookupError(category_id)
        rule = next((each for each in self.choices.tracking if each.category_id == category_id), None)
        data = self._data_for("tracking")
        wanted = source or (str(data.get(f"{category_id}-source", "")) if data else rule.source if rule else "")
        names = [(thing.id, thing.name) for thing in self.sources.of(wanted)]
        proposed = proposals.proposed_options(names, category)
        return TrackingForm(category, self.sources, rule=rule, proposed=proposed, source=source, data=data)

    @cached_property
    def sources(self) -> Sources:
        of_workspace = {"workspace_id": self.connection.workspace_id, "archived_at": None}
        clients = Client.objects.filter(**of_workspace).order_by("name", "pk")[:ROWS_MAX]
        return Sources(
            clients=tuple(Thing(str(each.pk), each.name) for each in clients),
            projects=tuple(Thing(str(each.pk), each.name) for each in self.projects),
            categories=tuple(Thing(str(each.pk), each.name) for each in self.item_categories),
        )

    # --- overrides ----------------------------------------------------------------------------------------------
    @cached_property
    def projects(self) -> list[Project]:
        found = Project.objects.filter(workspace_id=self.connection.workspace_id, archived_at=None)
        return list(found.order_by("name", "pk")[:ROWS_MAX])

    @cached_property
    def item_categories(self) -> list[ItemCategory]:
        found = ItemCategory.objects.filter(workspace_id=self.connection.workspace_id, archived_at=None)
        return list(found.order_by("name", "pk")[:ROWS_MAX])

    @cached_property
    def overrides(self) -> OverridesForm:
        saved = {**self.choices.project_accounts, **self.choices.category_accounts}
        return OverridesForm(
            self.projects, self.item_categories, self._books, saved=saved, data=self._data_for("overrides")
        )

    @property
    def override_count(self) -> int:
        return len(self.choices.project_accounts) + len(self.choices.category_accounts)

    # --- behaviour ----------------------------------------------------------------------------------------------
    @cached_property
    def behaviour(self) -> BehaviourForm:
        initial = {"copies_when_sent": self.preferences.copies_when_sent}
        return BehaviourForm(self._data_for("behaviour"), initial=initial)

    # --- an example from their own books ------------------------------------------------------------------------
    @cached_property
    def example(self) -> Invoice | None:
        """Return the latest invoice that could be copied."""
        finalized = Invoice.objects.filter(
            workspace_id=self.connection.workspace_id, state__in=[State.OPEN, State.PAID]
        )
        return finalized.select_related("client").order_by("-issue_date", "-created_at", "-pk").first()

    @property
    def example_account(self) -> str:
        """Return the account that the example would be booked to, as chosen or proposed."""
        account = self._books.account(str(self.accounts["revenue_account"].value() or ""))
        return label(account) if account else ""

    @property
    def example_payment_account(self) -> str:
        account = self._books.account(str(self.accounts["payment_account"].value() or ""))
        return label(account) if account else ""

    @cached_property
    def _tax_examples(self) -> Mapping[Situation, str]:
        """Return, per situation, the description of a line of the latest invoice that has it."""
        if self.example is None:
            return {}
        found: dict[Situation, str] = {}
        for line in InvoiceLine.objects.filter(invoice=self.example).order_by("position"):
            tax1 = self.example.tax_percent if line.taxed else None
            tax2 = self.example.tax2_percent if line.taxed2 else None
            found.setdefault(Situation.of(tax1, tax2), line.description.splitlines()[0])
        return found

    @property
    def _books(self) -> Books:
        assert self.books is not None  # noqa: S101  sections are only shown, and saved, once the lists were read
        return self.books

    def _data_for(self, section: str) -> Any:
        return self.data if self.section == section else None
