"""What an Administrator chooses for the connected organisation, as forms over its books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from keito_books.accounting.documents import RemoteAccount, RemoteTaxRate, RemoteTrackingCategory
from keito_books.invoicing.models import ItemCategory, Project
from keito_books.mapping.books import Books
from keito_books.mapping.models import Preferences, TrackingMapping
from keito_books.mapping.queries import SituationInUse, percent_word
from keito_books.mapping.resolve import CurrencyRule, TrackingRule, label, takes
from keito_books.mapping.situations import Situation, can_match
from keito_books.syncing.lab import Sample
from keito_books.web.forms.fields import Number

Option = tuple[str, str]
_OFF = "off"
_SAMPLE_DECIMALS = 6


class AccountsForm(forms.Form):
    """Where revenue and payments are booked, and in which state invoices begin there."""

    revenue_account = forms.ChoiceField(
        label="Revenue Account", help_text="Xero books the lines of your invoices to this account."
    )
    payment_account = forms.ChoiceField(
        label="Payment Account",
        required=False,
        help_text="The bank account to which payments are recorded. Without one, payments stay in Keito Books.",
    )
    invoices_as = forms.ChoiceField(
        label="Create invoices in Xero as",
        choices=Preferences.InvoicesAs.choices,
        widget=forms.RadioSelect,
        help_text="Xero takes payments only on approved invoices. With Draft, they wait until you approve there.",
    )

    def __init__(self, books: Books, *, data: Any = None, initial: Mapping[str, str] | None = None) -> None:
        initial = dict(initial or {})
        super().__init__(data, initial=initial)
        revenue = _accounts(books.revenue_accounts, books, initial.get("revenue_account", ""))
        payments = _accounts(books.payment_accounts, books, initial.get("payment_account", ""))
        self._offer("revenue_account", [("", "Choose an account"), *revenue])
        self._offer("payment_account", [("", "None: payments are not copied"), *payments])
        self.fields["revenue_account"].error_messages["required"] = (
            "Choose the account that takes your invoice revenue."
        )

    def _offer(self, name: str, options: list[Option]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = options
            field.error_messages["invalid_choice"] = (
                "This account is not among those that may be chosen. Refresh the lists and choose again."
            )


@dataclass(frozen=True, slots=True)
class CurrencyRow:
    """One foreign currency with its two fields."""

    currency: str
    account: forms.BoundField
    rate: forms.BoundField


class CurrenciesForm(forms.Form):
    """Another payment account and a fixed exchange rate for each foreign currency that invoices have."""

    def __init__(
        self, currencies: Sequence[str], books: Books, *, saved: Mapping[str, CurrencyRule], data: Any = None
    ) -> None:
        super().__init__(data)
        self.currencies = currencies
        for currency in currencies:
            rule = saved.get(currency, CurrencyRule())
            usable = [each for each in books.payment_accounts if takes(each, currency, books, is_chosen_for_it=True)]
            self.fields[currency] = forms.ChoiceField(
                label=f"Payment Account for {currency}",
                required=False,
                choices=[("", "As above"), *_accounts(usable, books, rule.payment_account_id)],
                initial=rule.payment_account_id,
                error_messages={"invalid_choice": "This account is not among those that may be chosen."},
            )
            rate = Number(label=f"Exchange rate for {currency}", required=False, initial=_plain(rule.rate))
            rate.widget.attrs["placeholder"] = "Xero’s own"
            self.fields[f"{currency}-rate"] = rate

    @property
    def rows(self) -> list[CurrencyRow]:
        return [CurrencyRow(each, self[each], self[f"{each}-rate"]) for each in self.currencies]

    def chosen(self) -> dict[str, CurrencyRule]:
        kept = self.cleaned_data
        return {each: CurrencyRule(kept.get(each, ""), kept.get(f"{each}-rate")) for each in self.currencies}


class BehaviourForm(forms.Form):
    """What happens by itself."""

    copies_when_sent = forms.BooleanField(
        label="Copy automatically when sent",
        required=False,
        help_text="Each invoice goes to Xero as soon as it is sent to your client for the first time, on behalf of "
        "whoever sends it. Earlier invoices are not touched.",
    )


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One tax situation, its field, and what is known about both sides. `rate` is the one chosen or proposed."""

    use: SituationInUse
    field: forms.BoundField
    rate: RemoteTaxRate | None
    is_proposed: bool
    is_match: bool
    has_candidates: bool
    example: str

    @property
    def our_rate(self) -> str:
        return percent_word(self.use.situation.rate)

    @property
    def is_gone(self) -> bool:
        """Say whether the rate that was saved is no longer in Xero at all."""
        return self.rate is None and bool(self.field.value())

    @property
    def their_rate(self) -> str:
        return percent_word(self.rate.effective_rate) if self.rate else ""


class TaxesForm(forms.Form):
    """One of their rates for each tax situation that invoices have."""

    def __init__(
        self,
        uses: Sequence[SituationInUse],
        books: Books,
        *,
        saved: Mapping[Situation, str],
        proposed: Mapping[Situation, str],
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.uses, self.books, self.saved, self.proposed = uses, books, saved, proposed
        for use in uses:
            self.fields[use.situation.key] = forms.ChoiceField(
                label=f"Xero tax rate for {use.label}",
                required=False,
                choices=_rates(use.situation, books, saved.get(use.situation, "")),
                initial=saved.get(use.situation) or proposed.get(use.situation, ""),
                error_messages={"invalid_choice": "This tax rate is no longer in Xero. Choose another one."},
            )

    def chosen(self) -> dict[Situation, str]:
        return {use.situation: self.cleaned_data.get(use.situation.key, "") for use in self.uses}

    def rows(self, examples: Mapping[Situation, str]) -> list[TaxRow]:
        return [self._row(use, examples.get(use.situation, "")) for use in self.uses]

    def _row(self, use: SituationInUse, example: str) -> TaxRow:
        bound = self[use.situation.key]
        rate = self.books.rate(str(bound.value() or ""))
        is_proposed = not self.is_bound and use.situation not in self.saved and use.situation in self.proposed
        is_match = rate is not None and can_match(use.situation, rate)
        has_candidates = any(can_match(use.situation, each) for each in self.books.revenue_rates)
        return TaxRow(use, bound, rate, is_proposed, is_match, has_candidates, example)


class SampleForm(forms.Form):
    """A line to try the tax rates with."""

    quantity = Number(label="Quantity", initial="3")
    unit_price = Number(label="Price", initial="19.99")
    discount = Number(label="Discount in %", required=False)

    def __init__(self, uses: Sequence[SituationInUse], *, data: Any = None) -> None:
        super().__init__(data)
        self.fields["taxed"] = forms.ChoiceField(
            label="Taxed with", choices=[(use.situation.key, use.label) for use in uses]
        )

    def clean(self) -> dict[str, Any]:
        kept: dict[str, Any] = super().clean() or self.cleaned_data
        for name, least, most in (("quantity", 0, 10**9), ("unit_price", -(10**9), 10**9), ("discount", 0, 100)):
            value = kept.get(name)
            if value is not None and (not least <= value <= most or _decimals(value) > _SAMPLE_DECIMALS):
                self.add_error(name, f"Write a number from {least:,} to {most:,} with at most six decimals.")
        return kept

    @property
    def situation(self) -> Situation:
        return Situation.from_key(self.cleaned_data["taxed"])

    def sample(self, *, tax_type: str, currency: str) -> Sample:
        kept = self.cleaned_data
        return Sample(
            kept["quantity"], kept["unit_price"], kept["discount"] or Decimal(0), self.situation, tax_type, currency
        )


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of ours that a table maps: a client, a project or an item category."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """One row of such a table."""

    name: str
    field: forms.BoundField


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything of ours that tracking and overrides may be told apart by, active things only."""

    clients: tuple[Thing, ...]
    projects: tuple[Thing, ...]
    categories: tuple[Thing, ...]

    def of(self, source: str) -> tuple[Thing, ...]:
        return {"client": self.clients, "project": self.projects, "category": self.categories}.get(source, ())


class TrackingForm(forms.Form):
    """Where the option of one of their tracking categories comes from, and the table for that source.

    The table shown belongs to one source. Values of ours that are no longer active keep their options.
    """

    def __init__(
        self,
        category: RemoteTrackingCategory,
        sources: Sources,
        *,
        rule: TrackingRule | None,
        proposed: Mapping[str, str],
        source: str | None = None,
        data: Any = None,
    ) -> None:
        super().__init__(data, prefix=category.id)
        self.category, self.rule = category, rule
        saved_source = rule.source if rule else _OFF
        self.source_name = source or (str(data.get(f"{category.id}-source", _OFF)) if data else saved_source)
        self.things = sources.of(self.source_name)
        kept = dict(rule.options) if rule and rule.source == self.source_name else {}
        self.proposed = {} if kept else dict(proposed)
        options = [(option.id, option.name) for option in category.options if option.is_active]
        self.fields["source"] = forms.ChoiceField(
            label="Comes from",
            choices=[(_OFF, "Not used"), *TrackingMapping.Source.choices],
            initial=self.source_name,
        )
        if self.source_name == TrackingMapping.Source.FIXED:
            self.fields["fixed"] = forms.ChoiceField(
                label="Option",
                choices=[("", "Choose an option"), *options],
                initial=rule.fixed_option_id if rule else "",
                error_messages={"required": "Choose the option that every line gets."},
            )
        for thing in self.things:
            self.fields[thing.id] = forms.ChoiceField(
                label=thing.name,
                required=False,
                choices=[("", "No option"), *options],
                initial=kept.get(thing.id) or self.proposed.get(thing.id, ""),
            )
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "This option is no longer in Xero. Refresh the lists, then choose."

    @property
    def table(self) -> list[Mapped]:
        return [Mapped(thing.name, self[thing.id]) for thing in self.things]

    @property
    def source_field(self) -> forms.BoundField:
        return self["source"]

    @property
    def is_used(self) -> bool:
        return self.source_name != _OFF

    @property
    def fixed_field(self) -> forms.BoundField | None:
        """Return the field for the one option of every line, when that is the source."""
        return self["fixed"] if "fixed" in self.fields else None

    @property
    def proposals(self) -> int:
        """Return how many rows are filled in because the names are equal."""
        return sum(1 for thing in self.things if thing.id in self.proposed)

    def wanted(self) -> TrackingRule | None:
        """Return the rule as chosen, None for a category that is not used."""
        if self.source_name == _OFF:
            return None
        kept = dict(self.rule.options) if self.rule and self.rule.source == self.source_name else {}
        shown = {thing.id: self.cleaned_data.get(thing.id, "") for thing in self.things}
        options = {key: option for key, option in {**kept, **shown}.items() if option}
        return TrackingRule(self.category.id, self.source_name, self.cleaned_data.get("fixed", ""), options)


class OverridesForm(forms.Form):
    """Another revenue account for single projects and item categories."""

    def __init__(
        self,
        projects: Sequence[Project],
        categories: Sequence[ItemCategory],
        books: Books,
        *,
        saved: Mapping[str, str],
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.projects, self.categories = projects, categories
        for thing in (*projects, *categories):
            key = str(thing.pk)
            self.fields[key] = forms.ChoiceField(
                label=str(thing),
                required=False,
                choices=[("", "As above"), *_accounts(books.revenue_accounts, books, saved.get(key, ""))],
                initial=saved.get(key, ""),
                error_messages={"invalid_choice": "Choose an account that may take revenue."},
            )

    @property
    def project_rows(self) -> list[Mapped]:
        return [Mapped(str(project), self[str(project.pk)]) for project in self.projects]

    @property
    def category_rows(self) -> list[Mapped]:
        return [Mapped(str(category), self[str(category.pk)]) for category in self.categories]

    def chosen_projects(self) -> dict[Project, str]:
        return {each: self.cleaned_data.get(str(each.pk), "") for each in self.projects}

    def chosen_categories(self) -> dict[ItemCategory, str]:
        return {each: self.cleaned_data.get(str(each.pk), "") for each in self.categories}


def _plain(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate.normalize():f}"


def refuse(form: forms.Form, problems: Mapping[str, str]) -> None:
    """Put each sentence beside its field, or above the form."""
    for name, sentence in problems.items():
        form.add_error(name if name in form.fields else None, sentence)


def _accounts(usable: Sequence[RemoteAccount], books: Books, current: str) -> list[Option]:
    """Return the accounts to choose from; one that was chosen and can't be any more is shown with the reason."""
    options = [(account.id, label(account)) for account in usable]
    if current and current not in dict(options):
        account = books.account(current)
        gone = f"{label(account)}, no longer usable" if account else "An account that is no longer in Xero"
        options.append((current, gone))
    return options


def _rates(situation: Situation, books: Books, current: str) -> list[Any]:
    same = [rate for rate in books.revenue_rates if can_match(situation, rate)]
    other = [rate for rate in books.revenue_rates if not can_match(situation, rate)]
    groups: list[Any] = [("", "Not mapped")]
    if same:
        groups.append((f"Also {percent_word(situation.rate)}", [_rate(rate) for rate in same]))
    if other:
        groups.append(("Another rate: totals would differ", [_rate(rate) for rate in other]))
    if current and not any(rate.tax_type == current for rate in books.revenue_rates):
        gone = books.rate(current)
        groups.append((current, f"{gone.name if gone else current}, no longer in use in Xero"))
    return groups


def _rate(rate: RemoteTaxRate) -> Option:
    return (rate.tax_type, f"{rate.name}: {percent_word(rate.effective_rate)}")
