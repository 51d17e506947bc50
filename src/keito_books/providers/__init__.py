"""Adapters to accounting systems; they know neither Django nor a database."""
