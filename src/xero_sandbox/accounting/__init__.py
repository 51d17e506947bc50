"""Xero's Accounting API: what `/api.xro/2.0/` answers."""
