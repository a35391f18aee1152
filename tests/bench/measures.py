"""One line a measure: name, value, unit, ratio to the goal, goal. A ratio of 1 or less is within it."""

import time

SQUARES = 10_000_000
SQUARES_S = 0.5  # to add them up takes as long on the quick machine that the budgets were set on


def machine_speed() -> float:
    """How fast this machine is just now against that one, over a second or so; printed, so that a reader can tell a slow machine from slow code."""
    speed = SQUARES_S / _squares_s()
    print(f"\nmachine_speed {speed:.3f} x")
    return speed


def _squares_s() -> float:
    begun, total = time.perf_counter(), 0
    for number in range(SQUARES):
        total += number * number
    return time.perf_counter() - begun


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
