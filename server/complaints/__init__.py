"""Complaints 投诉处理 (RULEBOOK §7, form 附表五)."""
