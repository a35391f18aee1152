"""Scenarios: a month of a company in YAML that a lawyer can read, and the wages it must give (format.md)."""
