"""Churn 离网 (RULEBOOK §9)."""
