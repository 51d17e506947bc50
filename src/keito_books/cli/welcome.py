"""Write what a newcomer reads when everything runs: where to go, how to sign in, what to try."""

from keito_books.cli.plan import Plan
from keito_books.cli.preparation import Prepared, SignIn


def welcome(plan: Plan, prepared: Prepared) -> str:
    parts = [f"Keito Books is ready: {plan.public_url}", _sign_ins(prepared.sign_ins)]
    if plan.real_xero:
        parts.append(_real_xero(prepared.xero_redirect))
    else:
        parts.append(f"Xero is a sandbox on this machine; look into its books at {plan.sandbox_url}/_sandbox/")
    if prepared.sign_ins:
        parts.append(_what_to_try(plan))
    parts.append(f"Logs, and the e-mails it would send: {plan.logs}\nCtrl-C stops everything and keeps the data.")
    return "\n" + "\n\n".join(parts) + "\n"


def _sign_ins(sign_ins: list[SignIn]) -> str:
    if not sign_ins:
        return (
            "The demo is not in these books. Sign in as you did before, or open a workspace of your own:\n"
            '  .venv/bin/python -m keito_books.cli found "My Company"'
        )
    wide = max(len(each.email) for each in sign_ins)
    lines = [
        f"  {each.email:<{wide}}  {each.password}  {each.name}, {each.role} of {each.workspace}" for each in sign_ins
    ]
    return "\n".join(["Sign in as (e-mail, password):", *lines])


def _real_xero(redirect: str) -> str:
    return (
        "It talks to the real Xero. In Xero's developer portal, your app needs this redirect URI:\n"
        f"  {redirect}\n"
        "Xero accepts https addresses and http://localhost, and compares every character."
    )


def _what_to_try(plan: Plan) -> str:
    xero = "choose your organisation" if plan.real_xero else "allow the demo organisation"
    return (
        "What to try first, as the Administrator:\n"
        f"  1. Settings > Integrations > Xero: connect, {xero}.\n"
        "  2. Choose a revenue account, save.\n"
        "  3. Open an invoice, Copy to Xero, and watch its status become Success."
    )
