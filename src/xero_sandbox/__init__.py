"""Xero in a box: imitates Xero's identity and Accounting API over HTTP."""
