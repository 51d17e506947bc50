"""The neutral language between us and any accounting system."""
