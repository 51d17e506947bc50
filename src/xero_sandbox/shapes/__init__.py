"""How records look on the wire."""
