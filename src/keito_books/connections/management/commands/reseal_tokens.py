"""`manage.py reseal_tokens`: move stored tokens to the newest key, and say which keys may go."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from keito_books.connections.rotation import keys_in_use, reseal_all
from keito_books.connections.vault import keyring


class Command(BaseCommand):
    help = "Seal every stored token with the first of KEITO_TOKEN_KEYS, then say which keys may be removed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        changed = reseal_all()
        self.stdout.write(f"{changed} token set{'' if changed == 1 else 's'} moved to key {keyring().ids[0]}.")
        in_use = keys_in_use()
        for key_id in keyring().ids[1:]:
            rows = in_use[key_id]
            says = f"still protects {rows} row{'' if rows == 1 else 's'}: keep it" if rows else "may be removed"
            self.stdout.write(f"Key {key_id} {says}.")
        for key_id in sorted(set(in_use) - set(keyring().ids)):
            self.stdout.write(f"Key {key_id} is missing, and {in_use[key_id]} row(s) can't be opened without it.")
