"""Outlet files, classes and assignments (RULEBOOK §2, 附表二)."""
