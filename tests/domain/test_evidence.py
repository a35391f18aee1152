"""Flags of visits: both sides of every edge, and what they take off the score (DESIGN §5)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.domain.evidence import RULES, Fix, Flag, Twin, VisitEvidence, visit_flags, visit_score
from server.domain.policy import Policy
from server.domain.policy_keys import POLICY_KEYS

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DEFAULTS = Policy({})
METRES_PER_DEGREE = 111_195.08


def fix(accuracy_m: float | None = 20.0, north_m: float = 0.0, after_s: float = 0.0) -> Fix:
    return Fix(30.0 + north_m / METRES_PER_DEGREE, 104.0, accuracy_m, AT + timedelta(seconds=after_s))


def codes(evidence: VisitEvidence, policy: Policy = DEFAULTS) -> list[str]:
    return [flag.code for flag in visit_flags(evidence, policy)]


def visit(**facts: object) -> VisitEvidence:
    known = VisitEvidence(AT, fix(), 15.0, None, (AT + timedelta(minutes=3),))
    return replace(known, **facts)  # type: ignore[arg-type]


def test_an_ordinary_visit_has_no_flag_and_the_full_score():
    assert visit_flags(visit(), DEFAULTS) == ()
    assert visit_score(()) == 100


@pytest.mark.parametrize(
    ("distance_m", "accuracy_m", "flagged"),
    [(220.0, 20.0, []), (220.1, 20.0, ["far"]), (200.0, None, []), (200.1, None, ["far"]), (300.0, 100.0, []), (None, 20.0, [])],
)
def test_far_is_beyond_the_fence_and_the_accuracy(distance_m, accuracy_m, flagged):
    assert codes(visit(distance_m=distance_m, fix=fix(accuracy_m))) == flagged


def test_far_names_the_distance_and_what_was_allowed():
    [flag] = visit_flags(visit(distance_m=431.7), DEFAULTS)
    assert flag == Flag("far", 25, {"distance_m": 432, "allowed_m": 220})


@pytest.mark.parametrize(("accuracy_m", "flagged"), [(100.0, []), (100.1, ["inaccurate"]), (None, [])])
def test_poor_accuracy_is_flagged_above_its_limit(accuracy_m, flagged):
    assert codes(visit(fix=fix(accuracy_m))) == flagged


@pytest.mark.parametrize(("age_s", "flagged"), [(300, []), (301, ["fix_stale"]), (-300, []), (-301, ["fix_stale"])])
def test_a_fix_is_stale_when_it_lies_apart_from_the_check_in_by_more_than_allowed(age_s, flagged):
    assert codes(visit(fix=fix(after_s=-age_s))) == flagged


@pytest.mark.parametrize("age_s", [301, -259_200])
def test_a_stale_fix_says_how_old_it_is_and_less_than_nothing_when_it_came_later(age_s):
    [flag] = visit_flags(visit(fix=fix(after_s=-age_s)), DEFAULTS)
    assert flag == Flag("fix_stale", 10, {"age_s": age_s, "allowed_s": 300})


@pytest.mark.parametrize(
    ("apart_m", "seconds", "flagged"),
    [
        (10_000, 301, []),  # 119.6 km/h
        (10_000, 299, ["too_fast"]),  # 120.4 km/h
        (499, 1, []),  # near by: the phone's jitter
        (501, 1, ["too_fast"]),
        (5_000, 0, ["too_fast"]),  # two places at once
        (5_000, -30, ["too_fast"]),  # the fixes came the other way round
    ],
)
def test_travel_is_too_fast_above_its_limit_and_its_distance(apart_m, seconds, flagged):
    before = fix(0.0, north_m=apart_m, after_s=-seconds)
    assert codes(visit(fix=fix(0.0), before=before)) == flagged


def test_both_accuracies_are_taken_off_the_distance_travelled():
    before = fix(60.0, north_m=620, after_s=-2)
    assert codes(visit(fix=fix(50.0), before=before)) == ["too_fast"]
    assert codes(visit(fix=fix(70.0), before=before)) == []


def test_too_fast_names_distance_time_and_speed():
    [flag] = visit_flags(visit(fix=fix(10.0), before=fix(10.0, north_m=20_020, after_s=-360)), DEFAULTS)
    assert flag == Flag("too_fast", 30, {"apart_m": 20_000, "seconds": 360, "kmh": 200, "allowed_kmh": 120})


def test_an_accuracy_that_is_not_known_takes_nothing_off():
    before = fix(None, north_m=500.5, after_s=-1)
    assert codes(visit(fix=fix(None), before=before)) == ["too_fast"]
    [flag] = visit_flags(visit(fix=fix(None), before=fix(None, north_m=2_000, after_s=-0.5)), DEFAULTS)
    assert flag.figures == {"apart_m": 2_000, "seconds": 1, "kmh": 7_200, "allowed_kmh": 120}


def test_a_clock_says_how_far_it_was_off_and_whether_it_was_set_back():
    [off] = visit_flags(visit(clock_offset_ms=1_500_000, clock_set_back_ms=700_000), DEFAULTS)
    [back] = visit_flags(visit(clock_offset_ms=300_000, clock_set_back_ms=900_000), Policy({"sync.skew_flag_ms": "300000"}))
    assert off.figures == {"off_s": 1_500, "allowed_s": 300, "is_set_back": 0}
    assert back.figures == {"off_s": 900, "allowed_s": 300, "is_set_back": 1}
    [long] = visit_flags(visit(clock_offset_ms=3_600_000), Policy({"sync.skew_flag_ms": "1800000"}))
    assert long.figures == {"off_s": 3_600, "allowed_s": 1_800, "is_set_back": 0}


def test_a_clock_that_nobody_spoke_of_is_right():
    plain = VisitEvidence(AT, None, None, None, ())
    assert (plain.clock_offset_ms, plain.clock_set_back_ms, plain.clock_moved_ms) == (0, 0, 0)


def test_a_photo_that_looks_alike_says_how_much():
    [flag] = visit_flags(visit(alike_photo=Twin("v1", date(2026, 11, 3), 4)), DEFAULTS)
    assert flag.figures == {"visit_id": "v1", "visited_on": "2026-11-03", "bits": 4, "same_percent": 94}
    [same] = visit_flags(visit(alike_photo=Twin("v1", date(2026, 11, 3), 0)), DEFAULTS)
    assert same.figures["same_percent"] == 100


def test_travel_is_not_judged_without_both_positions():
    far_away = fix(10.0, north_m=50_000, after_s=-1)
    assert codes(visit(fix=None, distance_m=None, before=far_away)) == []
    assert codes(visit(before=None)) == []


@pytest.mark.parametrize(
    ("offset_ms", "set_back_ms", "figures"),
    [
        (300_000, 300_000, None),
        (300_001, 0, {"off_s": 300, "allowed_s": 300, "is_set_back": 0}),
        (-400_000, 0, {"off_s": 400, "allowed_s": 300, "is_set_back": 0}),
        (0, 300_001, {"off_s": 300, "allowed_s": 300, "is_set_back": 1}),
    ],
)
def test_a_clock_is_flagged_when_it_is_off_or_was_set_back(offset_ms, set_back_ms, figures):
    flags = visit_flags(visit(clock_offset_ms=offset_ms, clock_set_back_ms=set_back_ms), DEFAULTS)
    assert [flag.figures for flag in flags if flag.code == "clock_skew"] == ([figures] if figures else [])


@pytest.mark.parametrize(
    ("moved_ms", "set_back_ms", "figures"),
    [
        (300_000, 0, None),
        (300_001, 0, {"off_s": 300, "allowed_s": 300, "is_set_back": 0}),
        (400_000, 600_000, {"off_s": 600, "allowed_s": 300, "is_set_back": 0}),
        (300_000, 600_000, {"off_s": 600, "allowed_s": 300, "is_set_back": 1}),
    ],
)
def test_a_clock_is_flagged_when_it_stood_elsewhere_as_the_visit_was_sent(moved_ms, set_back_ms, figures):
    flags = visit_flags(visit(clock_moved_ms=moved_ms, clock_set_back_ms=set_back_ms), DEFAULTS)
    assert [flag.figures for flag in flags if flag.code == "clock_skew"] == ([figures] if figures else [])


@pytest.mark.parametrize(("early_s", "flagged"), [(300, []), (301, ["photo_early"])])
def test_a_photo_is_early_when_it_is_older_than_the_visit_by_more_than_allowed(early_s, flagged):
    assert codes(visit(photos_taken_at=(AT, AT - timedelta(seconds=early_s)))) == flagged


def test_a_visit_without_photos_has_no_early_one():
    assert codes(visit(photos_taken_at=())) == []


def test_a_photo_used_before_names_the_earlier_visit():
    [flag] = visit_flags(visit(same_photo=Twin("v1", date(2026, 11, 3), 0)), DEFAULTS)
    assert flag == Flag("photo_reused", 40, {"visit_id": "v1", "visited_on": "2026-11-03"})


@pytest.mark.parametrize(("bits", "flagged"), [(0, ["photo_alike"]), (4, ["photo_alike"]), (5, [])])
def test_a_photo_is_alike_up_to_the_bits_that_may_differ(bits, flagged):
    assert codes(visit(alike_photo=Twin("v1", date(2026, 11, 3), bits))) == flagged


def test_points_come_off_the_score_and_it_never_falls_below_zero():
    assert visit_score([Flag("a", 25, {}), Flag("b", 10, {})]) == 65
    assert visit_score([Flag("a", 60, {}), Flag("b", 40, {})]) == 0
    assert visit_score([Flag("a", 60, {}), Flag("b", 41, {})]) == 0


def test_points_and_limits_are_policy():
    policy = Policy({"score.inaccurate": "7", "evidence.accuracy_max_m": "30"})
    [flag] = visit_flags(visit(fix=fix(31.0)), policy)
    assert (flag.points, flag.figures) == (7, {"accuracy_m": 31, "allowed_m": 30})


def test_every_flag_has_its_points_in_the_policy_and_its_source():
    assert all(POLICY_KEYS[f"score.{code}"].unit == "points" for code in RULES)
    assert {key.removeprefix("score.") for key in POLICY_KEYS if key.startswith("score.")} == set(RULES)
    assert all("DESIGN §5" in (rule.__doc__ or "") for rule in RULES.values())
