"""What the sandbox remembers: plain records, which export to JSON and back."""
