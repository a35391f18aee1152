"""The tests of the rules are proven: they notice small wrong changes of the rules, at least 95 of 100.

With FAULTS every mutant runs; without it, a sample of about 25.
"""

import multiprocessing
import os
import time

import pytest

from tests.faults.mutants import DOMAIN, Mutant, mutants_of, preload, survives

IS_FULL = bool(os.environ.get("FAULTS"))
QUICK = 25
LEAST_SHARE = 0.95
MODULES = sorted(path.stem for path in DOMAIN.glob("*.py") if path.stem != "__init__")

# Mutants that change nothing anybody could see, by what they say after the line number, each with the reason.
EQUIVALENT = {
    'money: 0.01 → 1.01: FEN = Decimal("0.01")': "rounding looks at the number of digits alone",
    "geo: 1.0 → 2.0: return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))": "a guard against a rounding that no known positions show",
    "visit_days: 0 → 1: return min((abs(self.tour_places[one] - self.tour_places[other]) for other in self.outlets_of(there)), default=0)": (
        "an empty day is as far from every outlet"
    ),
}


def name_of(mutant: Mutant) -> str:
    return f"{mutant.module}: {mutant.change}: {mutant.text}"


def run_mutant(mutant: Mutant) -> tuple[Mutant, bool, float]:
    return mutant, *survives(mutant, mutant.module)


def run_unchanged(module: str) -> tuple[str, bool]:
    return module, survives(None, module)[0]


def chosen() -> list[Mutant]:
    every = [mutant for module in MODULES for mutant in mutants_of(module) if name_of(mutant) not in EQUIVALENT]
    return every if IS_FULL else every[:: len(every) // QUICK]


@pytest.mark.timeout(3600)
@pytest.mark.xdist_group("simulation")
def test_mutants_of_the_rules_are_noticed(capsys):
    mutants, started = chosen(), time.monotonic()
    modules = MODULES if IS_FULL else MODULES[:2]
    with multiprocessing.get_context("spawn").Pool(2, preload) as pool:
        broken = [module for module, passes in pool.imap_unordered(run_unchanged, modules) if not passes]
        assert not broken, f"the tests must pass with the rules as they are: {broken}"
        found = list(pool.imap_unordered(run_mutant, mutants))
    survivors = sorted((mutant for mutant, has_lived, _ in found if has_lived), key=lambda mutant: (mutant.module, mutant.place))
    killed = len(found) - len(survivors)
    with capsys.disabled():
        print(f"\n{killed} of {len(found)} mutants noticed ({killed / len(found):.1%}), {len(EQUIVALENT)} equivalent left out")
        print(f"{time.monotonic() - started:.0f} s in two processes, {sum(seconds for *_, seconds in found):.0f} s of processor")
        for mutant in survivors:
            print(f"  not noticed: {mutant}")
    assert killed / len(found) >= LEAST_SHARE


def test_equivalent_mutants_are_still_there():
    known = {name_of(mutant) for module in MODULES for mutant in mutants_of(module)}
    assert set(EQUIVALENT) <= known
