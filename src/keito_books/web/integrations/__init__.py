"""The pages of the accounting integrations: settings, connecting, copying, and what was said to whom."""
