"""Follow-ups 登记备案: what could not be solved at an outlet, who sees to it and by when (RULEBOOK §4, form 附表四)."""
