"""What must hold in every schedule: small functions whose docstrings begin with the number of their invariant."""
