"""Dated policy values."""
