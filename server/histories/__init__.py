"""经过: what happened at an outlet, of all features, in one time line."""
