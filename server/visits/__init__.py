"""Outlet visits (RULEBOOK §4, 附表四) and their compliance."""
