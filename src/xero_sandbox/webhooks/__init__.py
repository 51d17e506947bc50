"""Xero's webhooks: who is told what happened, when, how often, and what goes wrong on the way."""
