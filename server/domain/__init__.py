"""The rules: pure functions of their arguments, one file per section of the rulebook."""
