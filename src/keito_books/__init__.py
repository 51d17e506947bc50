"""Invoicing for professional services, joined to an accounting system."""
