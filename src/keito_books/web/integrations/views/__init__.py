"""Views of the integrations, one file per place."""
