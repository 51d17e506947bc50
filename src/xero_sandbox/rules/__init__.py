"""Xero's rules, as functions of values: each says where we know it from."""
