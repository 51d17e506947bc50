"""Our own books: clients, projects, invoices, payments and taxes."""
