"""Xero's identity service: sign-in, consent, tokens and connections."""
