"""Fill an empty database with two workspaces that feel lived in."""

from keito_books.invoicing.demo.people import PASSWORD, PEOPLE
from keito_books.invoicing.demo.seeding import Summary, seed

__all__ = ["PASSWORD", "PEOPLE", "Summary", "seed"]
