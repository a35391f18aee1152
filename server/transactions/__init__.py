"""Transactions and accounts that ops supplies (RULEBOOK §1, §10)."""
