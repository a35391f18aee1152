"""One line a measure: name, value, unit, ratio to the goal, goal. A ratio of 1 or less is within it."""


def report(name: str, value: float, unit: str, goal: float) -> float:
    """Print the line for a value that should stay below its goal; returns the ratio."""
    ratio = value / goal
    print(f"\n{name} {value:.3f} {unit} {ratio:.2f} {goal:g}")
    return ratio


def report_at_least(name: str, value: float, unit: str, goal: float) -> float:
    """Print the line for a value that should reach its goal; returns the ratio, which is then 1 or less."""
    ratio = goal / value if value else float("inf")
    print(f"\n{name} {value:.3f} {unit} {ratio:.2f} {goal:g}")
    return ratio
