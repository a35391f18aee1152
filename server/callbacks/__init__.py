"""Call-backs by ops 电话回访 (RULEBOOK §8)."""
