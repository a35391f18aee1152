"""Phones: device tokens and one-use sign-in codes."""
