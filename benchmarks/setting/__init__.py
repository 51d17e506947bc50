"""What the benchmarks of the sync engine share: a database, a sandbox in a process of its own, and many invoices."""
