"""Organisation and what its people may do; currencies and themes."""

from __future__ import annotations

from xero_sandbox import messages
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.replies import single_refusal, success
from xero_sandbox.problems import not_found
from xero_sandbox.records.settings import Currency
from xero_sandbox.rules.permissions import ALL_ACTIONS, may
from xero_sandbox.shapes.organisation import organisation_json
from xero_sandbox.shapes.settings import currency_json, theme_json
from xero_sandbox.wire.fields import read_guid


def show_organisation(call: Call) -> Reply:
    return success(call, "Organisations", [organisation_json(call.organisation)])


def show_actions(call: Call) -> Reply:
    actions = [
        {"Name": action, "Status": "ALLOWED" if may(call.role, action) else "NOT-ALLOWED"} for action in ALL_ACTIONS
    ]
    return success(call, "Actions", actions)


def list_currencies(call: Call) -> Reply:
    return success(call, "Currencies", [currency_json(one) for one in call.organisation.currencies.values()])


def add_currency(call: Call) -> Reply:
    asked = call.elements("Currencies")[0]
    code = (asked.stripped("Code") or "").upper()
    if len(code) != 3 or not code.isalpha():  # noqa: PLR2004  # ISO 4217
        return single_refusal(messages.not_one_of("Code", code, "the currency codes of ISO 4217"))
    if code in call.organisation.currencies:
        return single_refusal(messages.CURRENCY_EXISTS)
    added = Currency(code, asked.stripped("Description") or code)
    call.organisation.currencies[code] = added
    return success(call, "Currencies", [currency_json(added)])


def show_theme(call: Call) -> Reply:
    wanted = read_guid(call.parts["id"])
    for one in call.organisation.themes:
        if one.theme_id == wanted:
            return success(call, "BrandingThemes", [theme_json(one)])
    raise not_found()


def list_themes(call: Call) -> Reply:
    return success(call, "BrandingThemes", [theme_json(one) for one in call.organisation.themes])
