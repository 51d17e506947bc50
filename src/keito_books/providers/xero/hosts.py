"""Know where Xero is: its own hosts, or one sandbox that stands in for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Hosts:
    """Every address of Xero that we use. `sandbox` is its root, or empty for the real one."""

    authorize: str
    token: str
    revocation: str
    connections: str
    accounting: str
    sandbox: str = ""

    def origins(self) -> frozenset[str]:
        """Return scheme and host of everything that may be called."""
        called = (self.token, self.revocation, self.connections, self.accounting)
        return frozenset(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in called)

    def invoice_page(self, *, short_code: str, remote_id: str) -> str:
        """Return where a person sees the invoice."""
        if self.sandbox:
            return f"{self.sandbox}/_sandbox/invoices/{quote(remote_id, safe='')}"
        if not short_code:
            return f"https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID={quote(remote_id, safe='')}"
        return f"https://go.xero.com/app/{quote(short_code, safe='')}/invoicing/view/{quote(remote_id, safe='')}"

    def contact_page(self, *, short_code: str, remote_id: str) -> str:
        """Return where a person sees the contact."""
        if self.sandbox:
            return f"{self.sandbox}/_sandbox/contacts/{quote(remote_id, safe='')}"
        if not short_code:
            return f"https://go.xero.com/Contacts/View/{quote(remote_id, safe='')}"
        return f"https://go.xero.com/app/{quote(short_code, safe='')}/contacts/contact/{quote(remote_id, safe='')}"


def hosts_of(sandbox_url: str) -> Hosts:
    """Return the real hosts, or the sandbox's when it has an address."""
    if sandbox_url:
        root = sandbox_url.rstrip("/")
        return Hosts(
            authorize=f"{root}/identity/connect/authorize",
            token=f"{root}/connect/token",
            revocation=f"{root}/connect/revocation",
            connections=f"{root}/connections",
            accounting=f"{root}/api.xro/2.0",
            sandbox=root,
        )
    return Hosts(
        authorize="https://login.xero.com/identity/connect/authorize",
        token="https://identity.xero.com/connect/token",  # noqa: S106  an address, not a token
        revocation="https://identity.xero.com/connect/revocation",
        connections="https://api.xero.com/connections",
        accounting="https://api.xero.com/api.xro/2.0",
    )
