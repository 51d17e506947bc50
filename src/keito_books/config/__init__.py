"""Settings, environment, checks and root addresses: the only place that joins rooms."""
