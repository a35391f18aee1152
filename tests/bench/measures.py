"""One line a measure: name, value, unit, ratio to the goal, goal. A ratio of 1 or less is within it."""

import time

SQUARES = 10_000_000
SQUARES_S = 0.5  # to add them up takes as long on the machine at a quarter of whose speed a phone is reckoned
PHONE_SLOWER = 4


def machine_speed() -> float:
    """How fast this machine is just now against that one, over a second or so; printed."""
    speed = SQUARES_S / _squares_s()
    print(f"\nmachine_speed {speed:.3f} x")
    return speed


def phone_slowdown() -> float:
    """How much slower Chromium is made to be a phone: four times, and less on a slower machine, so that it is the same phone."""
    return min(PHONE_SLOWER, max(1, PHONE_SLOWER * machine_speed()))


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
