"""People, their roles and regions, and how they sign in (RULEBOOK §1)."""
