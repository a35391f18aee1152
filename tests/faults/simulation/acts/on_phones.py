"""Acts on the phone."""

from typing import Any

from tests.faults.simulation.acts.play import DAY_S, ORDINARY, SENSITIVE, Play
from tests.faults.simulation.world import PhoneCrash

FORMS = ("visit.v1", "visit.v2")


def work(play: Play, a: int, b: int, _c: int) -> None:
    play.phone(a).steps(1 + b % 12)


def work_long(play: Play, a: int, _b: int, _c: int) -> None:
    phone = play.phone(a)
    phone.client.wake()
    phone.steps(60)


def visit(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    outlets = phone.outlets()
    if outlets:
        play.number += 1
        play.keep(phone.visit(outlets[b % len(outlets)]["id"], FORMS[c % 2], play.number))


def several_visits(play: Play, a: int, b: int, c: int) -> None:
    for more in range(2 + c % 3):
        visit(play, a, b + more, c + more)


def correction(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    mine = [one for one in play.captured.values() if one.kind == "visit" and one.op_id in phone.client.capture.ops and not one.body["corrects"]]
    if mine:
        before = mine[b % len(mine)]
        play.number += 1
        play.keep(phone.visit(before.body["outlet_id"], FORMS[c % 2], play.number, corrects=before.entity_id))


def edit(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    outlets = phone.outlets()
    if outlets:
        play.number += 1
        names = (ORDINARY, SENSITIVE, ("phone", "account_no"))[c % 3]
        fields: dict[str, Any] = {name: f"{name}-{play.number}" for name in names[: 1 + c % 2]}
        if c % 7 == 0:
            fields = {"chain_outlets": c % 15}
        play.keep(phone.edit(outlets[b % len(outlets)], fields))


def new_outlet(play: Play, a: int, b: int, c: int) -> None:
    phone = play.phone(a)
    regions = [row.doc["id"] for (kind, _), row in phone.client.store.rows.items() if kind == "region"]
    if regions:
        play.number += 1
        name = f"网点{'甲乙丙丁'[b % 4]}" if c % 2 else f"新店{play.number}"
        position = {"lat": 30.66 + b % 4 / 100, "lon": 104.07 + c % 3 / 5000, "accuracy_m": 20.0}
        play.keep(phone.new_outlet(sorted(regions)[0], name, position))


def broken_record(play: Play, a: int, b: int, _c: int) -> None:
    play.number += 1
    play.keep(play.phone(a).broken(("unheard", "raises", "poison")[b % 3], play.number))


def phone_crash(play: Play, a: int, b: int, _c: int) -> None:
    play.phone(a).edge_in = 1 + b % 7


def app_restart(play: Play, a: int, _b: int, _c: int) -> None:
    play.phone(a).client.restart()


def copied_phone(play: Play, a: int, _b: int, _c: int) -> None:
    if len(play.phones) < 5:
        play.phones.append(play.phone(a).copied())


def clock_jump(play: Play, a: int, b: int, _c: int) -> None:
    play.phone(a).skew_s = (0, 3 * DAY_S, -2 * DAY_S, 400, -90)[b % 5]


def sweep(play: Play, a: int, _b: int, _c: int) -> None:
    phone = play.phone(a)
    try:
        phone.client.capture.sweep(phone.clock())
    except PhoneCrash:
        phone.client.restart()


def bit_rot(play: Play, a: int, b: int, c: int) -> None:
    """A row of the replica is lost on the phone, or one too many appears; the daily comparison must mend it."""
    rows = play.phone(a).client.store.rows
    if rows:
        play.damaged_replicas += 1
        key = sorted(rows)[b % len(rows)]
        if c % 2:
            del rows[key]
        else:
            rows["visit", "stray"] = rows[key]


def offline(play: Play, a: int, _b: int, _c: int) -> None:
    play.world.unreachable.add(play.rep(a))


def online(play: Play, a: int, _b: int, _c: int) -> None:
    play.world.unreachable.discard(play.rep(a))
