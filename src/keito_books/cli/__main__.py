"""Let `python -m keito_books.cli` do what `keito-books` does."""

from keito_books.cli.main import main

main()
