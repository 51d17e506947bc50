"""Put Xero together: one pool of connections, one identity, one set of documents."""

from __future__ import annotations

from keito_books.accounting.port import DocumentsOut, Identity
from keito_books.providers.http import Http
from keito_books.providers.settings import ProviderSettings
from keito_books.providers.xero.client import XeroClient
from keito_books.providers.xero.documents import XeroDocuments
from keito_books.providers.xero.hosts import hosts_of
from keito_books.providers.xero.oauth import XeroIdentity


class XeroProvider:
    """Xero, as the port sees it."""

    key = "xero"
    name = "Xero"

    def __init__(self, settings: ProviderSettings) -> None:
        hosts = hosts_of(settings.sandbox_url)
        http = Http(settings, origins=hosts.origins())
        self.identity: Identity = XeroIdentity(http, hosts, settings)
        self.documents: DocumentsOut = XeroDocuments(XeroClient(http, hosts, self.identity), hosts)
