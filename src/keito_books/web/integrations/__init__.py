"""Pages of the accounting integrations, and what they add to Keito's own pages."""
