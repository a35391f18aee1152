"""A simulation over real HTTP: so many phones, so many days, a network that fails, then the invariants."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

from server.clock import now, today
from server.db import db
from server.domain.months import SHANGHAI
from server.jobs.nightly import run_nightly
from server.outlets.actions import assign_outlets
from server.serving import upgrade_database
from server.simulation.company import SimulatedCompany, capture_edit, capture_visit, found_company, new_token
from server.simulation.invariants import Captured, Phone, Violation, check_all
from server.simulation.network import Network
from sync.client import Refused, SyncClient

AT_ONCE = 8
VISITS_A_DAY = (1, 4)
MOST_ROUNDS = 60
Say = Callable[[str], None]


@dataclass
class Simulation:
    """`faults` strike `share` of the requests of all days; the last sync of all has none."""

    app: Flask
    phones: int
    days: int
    seed: int
    faults: tuple[str, ...] = ()
    share: float = 0.2
    say: Say = print
    clients: list[tuple[str, SyncClient, Network]] = field(default_factory=list)
    captured: list[Captured] = field(default_factory=list)


def simulate(simulation: Simulation) -> bool:
    """Run it in an empty database; True when every invariant holds. Raises RuntimeError when the database is not empty."""
    chance, started = random.Random(simulation.seed), time.monotonic()
    app = simulation.app
    with app.app_context():
        upgrade_database()
        company = _founded(simulation)
        with _served(app) as url:
            _sign_in(simulation, company, url, chance)
            for day in range(simulation.days):
                _live_a_day(simulation, company, day, chance)
            _settle_down(simulation)
        simulation.say(_summary(simulation, time.monotonic() - started))
        return _check(simulation)


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """The address of the application while it is served. Its loop closes its sockets itself: it may be waiting on them."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, host="127.0.0.1", port=0, threads=AT_ONCE, connection_limit=500)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        loop.join()
        server.task_dispatcher.shutdown()


def _founded(simulation: Simulation) -> SimulatedCompany:
    from server.people.models import Person

    if db.session.scalar(db.select(Person.id).limit(1)) is not None:
        raise RuntimeError("a simulation needs an empty database")
    return found_company(simulation.phones, today() - timedelta(days=simulation.days + 40), now())


def _sign_in(simulation: Simulation, company: SimulatedCompany, url: str, chance: random.Random) -> None:
    for person_id in company.reps:
        network = Network(url, random.Random(chance.random()))
        client = SyncClient(network, new_token(person_id, now()), app="simulation", chance=random.Random(chance.random()).random)
        simulation.clients.append((person_id, client, network))
    _in_parallel(simulation, lambda one: one[1].sync())


def _in_parallel(simulation: Simulation, work: Callable[[tuple[str, SyncClient, Network]], object]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(work, simulation.clients))


def _live_a_day(simulation: Simulation, company: SimulatedCompany, day: int, chance: random.Random) -> None:
    """Everybody works, the supervisor moves an outlet, phones try to send in the evening as far as the network lets them."""
    morning = datetime.combine(today() - timedelta(days=simulation.days - day), datetime.min.time(), SHANGHAI) + timedelta(hours=9)
    for number, (person_id, client, network) in enumerate(simulation.clients):
        network.faults, network.share = simulation.faults, simulation.share
        for visit in range(chance.randint(*VISITS_A_DAY)):
            _keep(simulation, capture_visit(client, person_id, morning + timedelta(minutes=50 * visit), chance))
        if chance.random() < 0.3:
            _keep(simulation, capture_edit(client, person_id, morning, day * simulation.phones + number, chance))
    assign_outlets([chance.choice(company.outlets)], chance.choice(company.reps), today(), company.supervisor_id, now())
    _in_parallel(simulation, lambda one: _try_to_send(one[1]))


def _keep(simulation: Simulation, captured: Captured | None) -> None:
    if captured is not None:
        simulation.captured.append(captured)


def _try_to_send(client: SyncClient) -> None:
    try:
        client.sync()
    except Refused:
        pass  # tomorrow again


def _settle_down(simulation: Simulation) -> None:
    """The network is well: all must get through, waiting as they are told."""

    def finish(one: tuple[str, SyncClient, Network]) -> None:
        _person_id, client, network = one
        network.faults = ()
        for _ in range(MOST_ROUNDS):
            try:
                client.sync()
                return
            except Refused:
                time.sleep(min(max(client.next_step().until - time.time(), 0.1), 10))

    _in_parallel(simulation, finish)
    db.session.rollback()
    run_nightly(today(), now())
    _in_parallel(simulation, finish)


def _summary(simulation: Simulation, seconds: float) -> str:
    networks = [network for _, _, network in simulation.clients]
    struck: dict[str, int] = {}
    for network in networks:
        for name, count in network.struck.items():
            struck[name] = struck.get(name, 0) + count
    faults = ", ".join(f"{count} {name}" for name, count in sorted(struck.items())) or "none"
    requests, put_off = sum(one.requests for one in networks), sum(one.put_off for one in networks)
    return (
        f"{simulation.phones} phones, {simulation.days} days, seed {simulation.seed}: {len(simulation.captured)} records, "
        f"{requests} requests, faults: {faults}, put off {put_off} times, {seconds:.0f} s"
    )


def _check(simulation: Simulation) -> bool:
    phones = [Phone(person_id, client) for person_id, client, _ in simulation.clients]
    try:
        check_all(phones, simulation.captured, now(), was_night=True)
    except Violation as violation:
        simulation.say(f"VIOLATED {violation}")
        return False
    simulation.say("I1 to I11 hold: nothing lost, nothing doubled, phones and server agree")
    return True
