"""Who is joined to which organisation, and the consents that open it."""

from keito_books.connections.models.attempt import ConnectAttempt
from keito_books.connections.models.connection import Connection
from keito_books.connections.models.grant import Grant, ProviderKey
from keito_books.connections.models.revocation import Revocation

__all__ = ["ConnectAttempt", "Connection", "Grant", "ProviderKey", "Revocation"]
