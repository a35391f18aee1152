"""Visits on days: laid out evenly, spaced by the minimum gap, loads levelled (RULEBOOK §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DayChoice:
    """The days an outlet may be visited on: `gap_days` or more from each other and from the dates already visited."""

    days: Sequence[date]
    visited_on: Sequence[date]
    gap_days: int

    def allows(self, place: int, others: Sequence[int]) -> bool:
        """Whether the day at a place is far enough from the visits made and from those at other places."""
        dates = [*self.visited_on, *(self.days[other] for other in others)]
        return all(abs((self.days[place] - day).days) >= self.gap_days for day in dates)

    @property
    def most(self) -> int:
        """How many visits fit: the earliest day, then the next far enough, and so on."""
        chosen: list[int] = []
        for place in range(len(self.days)):
            if self.allows(place, chosen):
                chosen.append(place)
        return len(chosen)

    def nearest(self, wanted: Sequence[int]) -> list[int]:
        """As many allowed places as wanted, in order, with the least sum of distances to the wanted ones.

        Only asked for as many as fit (`most`). `best` holds, for each last place, the least sum and its places.
        """
        allowed = [place for place in range(len(self.days)) if self.allows(place, ())]
        best = {place: (abs(place - wanted[0]), [place]) for place in allowed}
        for target in wanted[1:]:
            best = {
                place: min((cost + abs(place - target), [*places, place]) for cost, places in before)
                for place in allowed
                if (before := [known for last, known in best.items() if (self.days[place] - self.days[last]).days >= self.gap_days])
            }
        return min(best.values())[1]


class VisitDays:
    """Outlets on days, by the day's place. `tour_places` says where in the tour an outlet stands."""

    def __init__(self, day_count: int, choices: Mapping[str, DayChoice], tour_places: Mapping[str, int]) -> None:
        self.choices, self.tour_places = choices, tour_places
        self.places: dict[str, list[int]] = {one: [] for one in tour_places}
        self.loads = [0] * day_count

    def lay(self, sequence: Sequence[str]) -> None:
        """Cut a sequence of visits into days of equal load, one day after another."""
        for position, one in enumerate(sequence):
            self._put(one, position * len(self.loads) // len(sequence))

    def space(self) -> None:
        """Move the visits of outlets whose days are too close, as little as possible."""
        for one, places in self.places.items():
            choice = self.choices[one]
            if not all(choice.allows(place, places[:at]) for at, place in enumerate(places)):
                wanted = sorted(places)
                for place in wanted:
                    self._take(one, place)
                for place in choice.nearest(wanted):
                    self._put(one, place)

    def level(self) -> None:
        """Move visits from fuller to emptier days while two loads differ by more than one and an outlet allows it."""
        while (move := self._best_move()) is not None:
            one, here, there = move
            self._take(one, here)
            self._put(one, there)

    def outlets_of(self, place: int) -> tuple[str, ...]:
        """The outlets of a day, in the order of the tour."""
        return tuple(one for one in self.tour_places if place in self.places[one])

    def _best_move(self) -> tuple[str, int, int] | None:
        """From the fullest day that can give to the emptiest that can take: rather an outlet with a single visit, near in the tour."""
        by_load = sorted(range(len(self.loads)), key=lambda place: self.loads[place])
        for here in reversed(by_load):
            for there in by_load:
                if self.loads[here] - self.loads[there] <= 1:
                    break
                if movable := [one for one in self.outlets_of(here) if self._may_move(one, here, there)]:
                    return min(movable, key=lambda one: (len(self.places[one]), self._distance(one, there), one)), here, there
        return None

    def _may_move(self, one: str, here: int, there: int) -> bool:
        return self.choices[one].allows(there, [place for place in self.places[one] if place != here])

    def _distance(self, one: str, there: int) -> int:
        """How far in the tour an outlet is from the nearest one of a day."""
        return min((abs(self.tour_places[one] - self.tour_places[other]) for other in self.outlets_of(there)), default=0)

    def _put(self, one: str, place: int) -> None:
        self.places[one].append(place)
        self.loads[place] += 1

    def _take(self, one: str, place: int) -> None:
        self.places[one].remove(place)
        self.loads[place] -= 1
