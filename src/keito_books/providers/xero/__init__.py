"""Xero, through its Accounting API."""
