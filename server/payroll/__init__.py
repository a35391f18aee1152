"""Wage sheets (RULEBOOK §10)."""
