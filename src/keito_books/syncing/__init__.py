"""Jobs, links and attempts: bring our documents to the other side exactly once."""
