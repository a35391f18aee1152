"""The queues of what waits for somebody in the office: each feature says which it has, and all their pages show them as tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, select

from server.console.counting import MOST_WAITING, bounded
from server.console.tiles import Tile
from server.db import db
from server.people.models import Person

START = "waiting.start"


@dataclass(frozen=True)
class Queue:
    """A page that lists what waits, and how much of it lies within the person's reach."""

    endpoint: str
    label: str
    count: ColumnElement[int]  # to be asked through `bounded`: it may have an order


@dataclass(frozen=True)
class CountedQueue:
    endpoint: str
    label: str
    count: int


QueueReader = Callable[[Person], list[Queue]]
queue_readers: list[QueueReader] = []


def counted_queues(person: Person) -> list[CountedQueue]:
    """The queues that the person may open, with their counts, which stop where `waiting_count` says so."""
    queues = _queues(person)
    if not queues:
        return []
    counts = db.session.execute(select(*(bounded(queue.count, MOST_WAITING) for queue in queues))).one()
    return [CountedQueue(queue.endpoint, queue.label, count) for queue, count in zip(queues, counts, strict=True)]


def queue_tiles(person: Person, _today: date) -> list[Tile]:
    """One count over all queues of the person."""
    queues = _queues(person)
    if not queues:
        return []
    total = reduce(add, (queue.count for queue in queues))
    return [Tile(gettext("待处理记录"), total, url_for(START), gettext("改动、重复网点、没收进的记录"), "warm", START)]


def _queues(person: Person) -> list[Queue]:
    return [queue for reader in queue_readers for queue in reader(person)]
