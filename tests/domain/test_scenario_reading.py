"""A scenario that cannot be right is refused, with its place: a typing mistake never passes for a fact."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.churn import Source, Word
from server.domain.company_facts import PlannedVisits
from server.domain.months import Month
from server.domain.new_customers import Transfer
from server.scenarios.reading import read_scenario
from server.scenarios.running import run_scenario
from server.scenarios.shapes import ScenarioFault

HEAD = "name: A scenario\nsource: RULEBOOK §10\nmonth: 2026-11\n"
OUTLET = "outlets: [{id: s1, class: C, rep: li}]\n"
EXPECT = "expect: {li: {total: 1200.00}}\n"


def fault(folder, text):
    path = folder / "one.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioFault) as raised:
        read_scenario(path)
    return str(raised.value)


def reading(folder, text):
    path = folder / "one.yaml"
    path.write_text(text, "utf-8")
    return read_scenario(path)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("visitz: []", "one.yaml: unknown visitz"),
        ("visits: [{outlet: s1, on: 2026-11-03, distance: 20}]", "one.yaml.visits[1]: unknown distance"),
        ("visits: [{outlet: s2, on: 2026-11-03}]", "one.yaml.visits[1]: there is no outlet s2"),
        ("visits: [{outlet: s1}]", "one.yaml.visits[1]: on is missing"),
        ("visits: [{on: 2026-11-03}]", "one.yaml.visits[1]: outlet is missing"),
        ("visits: [{outlet: s1, on: 2026-11-31}]", "one.yaml.visits[1].on: 2026-11-31 is no date"),
        ("visits: [{outlet: s1, on: 2026-11-03, review: acepted}]", "one.yaml.visits[1].review: acepted is none of accepted, rejected"),
        (
            "visits: [{outlet: s1, on: 2026-11-03, reviews: [{on: 2026-11-04, word: no}]}]",
            "one.yaml.visits[1].reviews[1].word: no is none of accepted, rejected",
        ),
        ("visits: [{outlet: s1, on: 2026-11-03, reviews: [{on: 2026-11-04, word: accepted, by: x}]}]", "one.yaml.visits[1].reviews[1]: unknown by"),
        ("visits: [{outlet: s1, on: 2026-11-03, signature: yes}]", "one.yaml.visits[1].signature: expected true or false"),
        ("visits: [{outlet: s1, on: 2026-11-03, storefront: some}]", "one.yaml.visits[1].storefront: some is no whole number"),
        ("visits: [{outlet: s1, on: 2026-11-03, storefront: -1}]", "one.yaml.visits[1].storefront: -1 is no whole number"),
        ("visits: [{outlet: s1, on: 2026-11-03, distance_m: far}]", "one.yaml.visits[1].distance_m: far is no amount"),
        ("visits: [{outlet: s1, on: 2026-11-03, accuracy_m: true}]", "one.yaml.visits[1].accuracy_m: True is no amount"),
        ("visits: {outlet: s1, on: 2026-11-03}", "one.yaml.visits: expected a list"),
        ("visits: [s1]", "one.yaml.visits[1]: expected a mapping"),
        ("visits: [{id: v, outlet: s1, on: 2026-11-03}, {id: v, outlet: s1, on: 2026-11-04}]", "one.yaml.visits[2]: v stands twice"),
        ("visit_plan: [{outlet: s1}]", "one.yaml.visit_plan[1]: visits is missing"),
        ("visit_plan: [{outlet: s1, visits: two}]", "one.yaml.visit_plan[1].visits: two is no whole number"),
        ("training_plan: [{outlet: s1, month: November}]", "one.yaml.training_plan[1].month: November is no month"),
        (
            "callbacks: [{outlet: s1, kind: phone, outcome: good, on: 2026-11-03}]",
            "one.yaml.callbacks[1].kind: phone is none of inspection, new_customer, profile, training",
        ),
        (
            "callbacks: [{outlet: s1, kind: profile, outcome: wrong_phone, on: 2026-11-03}]",
            "one.yaml.callbacks[1].outcome: wrong_phone is none of good, inaccurate, unreached",
        ),
        (
            "callbacks: [{outlet: s1, kind: inspection, outcome: good, on: 2026-11-03, about_month: 10}]",
            "one.yaml.callbacks[1].about_month: 10 is no month",
        ),
        (
            "complaints: [{outlet: s1, received_on: 2026-11-03, verdict: true}]",
            "one.yaml.complaints[1].verdict: True is none of founded, unfounded",
        ),
        ("materials: [{outlet: s1, requested_on: tomorrow}]", "one.yaml.materials[1].requested_on: tomorrow is no date"),
        ("churn: [{outlet: s1, listed_on: 2026-11-03, reason: tired}]", "one.yaml.churn[1].reason: tired is none of closed_down, merged, moved"),
        (
            "churn: [{outlet: s1, listed_on: 2026-11-03, words: [{by: sales, on: 2026-11-04}]}]",
            "one.yaml.churn[1].words[1].by: sales is none of marketing, on_site, ops",
        ),
        ("churn: [{outlet: s1, listed_on: 2026-11-03, words: [{by: ops, on: 2026-11-04, left: true}]}]", "one.yaml.churn[1].words[1]: unknown left"),
        ("decisions: [{kind: missed_visits, on: 2026-12-01}]", "one.yaml.decisions[1].kind: missed_visits is none of"),
        ("decisions: [{kind: churned, on: 2026-12-01, month: 11}]", "one.yaml.decisions[1].month: 11 is no month"),
        ("decisions: [{kind: churned, on: 2026-12-01, uphold: false}]", "one.yaml.decisions[1]: unknown uphold"),
        ("policy: {wage.base: 1200}", "one.yaml: policy wage.base cannot be 1200"),
        ("policy: {wage.base_yuan: much}", "one.yaml: policy wage.base_yuan cannot be much"),
        ("policy: {wage.cap_deductions: yes}", "one.yaml: policy wage.cap_deductions cannot be yes"),
        ("policy: [wage.base_yuan]", "one.yaml.policy: expected a mapping"),
        ("policy_from: {November: {wage.base_yuan: 1200}}", "one.yaml.policy_from: November is no date"),
        ("policy_from: {2026-11-01: 1200}", "one.yaml.policy_from.2026-11-01: expected a mapping"),
        ("calendar: {holidays: [2026-11-03]}", "one.yaml.calendar: unknown holidays"),
        ("calendar: {off: 2026-11-03}", "one.yaml.calendar.off: expected a list"),
        ("reps: {li: {since: 2026-11-01}}", "one.yaml.reps.li: unknown since"),
        ("reps: [li]", "one.yaml.reps: expected a mapping"),
        ("closed: {October: {li: {base: 1100}}}", "one.yaml.closed: October is no month"),
        ("closed: {2026-10: {li: {salary: 1100}}}", "one.yaml.closed.2026-10.li: salary is none of"),
        ("closed: {2026-10: {li: 1100}}", "one.yaml.closed.2026-10.li: expected a mapping"),
        ("today: 2026-11", "one.yaml.today: 2026-11 is no date"),
        ("today: 2026-11-03 10:00:00", "one.yaml.today: 2026-11-03 10:00:00 is no date"),
        ("month: 2026-12", "month stands twice"),
        ("visits: [{outlet: s1, outlet: s1, on: 2026-11-03}]", "outlet stands twice"),
        ("visits: [", "expected the node content"),
        ("? [a, b]\n: c", "a key must be a plain word"),
        ("policy: {wage.base_yuan: .inf}", ".inf is no amount"),
    ],
)
def test_a_row_with_a_mistake_is_refused_with_its_place(tmp_path, row, says):
    assert says in fault(tmp_path, f"{HEAD}{OUTLET}{EXPECT}{row}\n")


@pytest.mark.parametrize(
    ("outlet", "says"),
    [
        ("{class: C}", "one.yaml.outlets[1]: id is missing"),
        ("{id: s1, class: D}", "one.yaml.outlets[1]: D is no class"),
        ("{id: s1, class: C, chain_outlets: 3}", "one.yaml.outlets[1]: class and its inputs cannot both stand"),
        ("{id: s1, chain_outlets: ten}", "one.yaml.outlets[1].chain_outlets: ten is no whole number"),
        ("{id: s1, own_hall: 1}", "one.yaml.outlets[1].own_hall: expected true or false"),
        ("{id: s1, floor_area_m2: large}", "one.yaml.outlets[1].floor_area_m2: large is no amount"),
        ("{id: s1, class: C, classes: {2026-11-01: E}}", "one.yaml.outlets[1].classes: E is no class"),
        ("{id: s1, class: C, classes: A}", "one.yaml.outlets[1].classes: expected a mapping"),
        ("{id: s1, class: C, count: many}", "one.yaml.outlets[1].count: many is no whole number"),
        ("{id: s1, class: C, missing: [fax]}", "one.yaml.outlets[1].missing: fax is none of"),
        ("{id: s1, class: C, missing: phone}", "one.yaml.outlets[1].missing: expected a list"),
        ("{id: s1, class: C, transfers: {2026-11-06: lots}}", "one.yaml.outlets[1]: lots is no amount"),
        ("{id: s1, class: C, transfers: {2026-11-06: true}}", "one.yaml.outlets[1]: True is no amount"),
        ("{id: s1, class: C, transfers: {2026-11-06: NaN}}", "one.yaml.outlets[1]: NaN is no amount"),
        ("{id: s1, class: C, transfers: {2026-13: 300}}", "one.yaml.outlets[1]: 2026-13 is no month"),
        ("{id: s1, class: C, transfers: {2026-11-06: 300, 2026-11-06: 20}}", "2026-11-06 stands twice"),
        ("{id: s1, class: C, rep: li, reps: [{rep: wang, from: 2026-11-01}]}", "one.yaml.outlets[1]: rep and reps cannot both stand"),
        ("{id: s1, class: C, reps: [{rep: li}]}", "one.yaml.outlets[1].reps[1]: from is missing"),
        ("{id: s1, class: C, reps: [{rep: li, from: 2026-11-02, until: 2026-11-01}]}", "one.yaml.outlets[1].reps[1]: until lies before from"),
        ("{id: s1, class: C, reps: [{rep: li, from: 2026-11-02, to: 2026-11-03}]}", "one.yaml.outlets[1].reps[1]: unknown to"),
        (
            "{id: s1, class: C, reps: [{rep: li, from: 2026-11-02}, {rep: wang, from: 2026-11-09}]}",
            "one.yaml.outlets[1].reps: two have it on 2026-11-09",
        ),
        (
            "{id: s1, class: C, reps: [{rep: wang, from: 2026-11-09}, {rep: li, from: 2026-11-02, until: 2026-11-09}]}",
            "one.yaml.outlets[1].reps: two have it on 2026-11-09",
        ),
        ("{id: s1, class: C}, {id: s1, class: A}", "one.yaml.outlets: an id stands twice"),
        ("{id: s1, class: C, churned: 2026-10-01}", "one.yaml.outlets[1]: unknown churned"),
    ],
)
def test_an_outlet_with_a_mistake_is_refused_with_its_place(tmp_path, outlet, says):
    assert says in fault(tmp_path, f"{HEAD}outlets: [{outlet}]\n{EXPECT}")


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ("", "one.yaml: expect is missing"),
        ("expect: {}", "one.yaml.expect: nothing is expected"),
        ("expect: {li: {}}", "one.yaml.expect.li: neither lines nor a total is expected"),
        ("expect: {li: 1200}", "one.yaml.expect.li: expected a mapping"),
        ("expect: {li: {sum: 1200}}", "one.yaml.expect.li: unknown sum"),
        ("expect: {li: {lines: {base: much}}}", "one.yaml.expect.li.lines.base: much is no amount"),
        ("expect: {li: {total: much}}", "one.yaml.expect.li.total: much is no amount"),
        ("expect: {li: {quantities: {base: 1}}}", "one.yaml.expect.li: neither lines nor a total is expected"),
        ("expect: {proposed: none}", "one.yaml.expect.proposed: expected a list"),
        ("expect: {outlets: {s1: {}}}", "one.yaml.expect.outlets.s1: nothing is expected"),
        ("expect: {outlets: {s1: {due: 1}}}", "one.yaml.expect.outlets.s1: unknown due"),
        ("expect: {churn: {s1: gone}}", "one.yaml.expect.churn: gone is none of"),
    ],
)
def test_an_expectation_with_a_mistake_is_refused_with_its_place(tmp_path, expect, says):
    assert says in fault(tmp_path, f"{HEAD}{OUTLET}{expect}\n")


@pytest.mark.parametrize("name", ["name", "source", "month"])
def test_a_scenario_says_what_it_is(tmp_path, name):
    text = "".join(line for line in f"{HEAD}{OUTLET}{EXPECT}".splitlines(keepends=True) if not line.startswith(f"{name}:"))
    assert fault(tmp_path, text) == f"one.yaml: {name} is missing"


def test_a_file_of_other_bytes_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioFault, match=r"one\.yaml"):
        read_scenario(path)


def test_a_list_for_a_document_is_refused(tmp_path):
    assert fault(tmp_path, "[1, 2]") == "one.yaml: expected a mapping"


def test_a_decision_that_matches_nothing_is_a_difference(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(f"{HEAD}{OUTLET}{EXPECT}decisions: [{{kind: churned, on: 2026-12-01}}]\n", "utf-8")
    result = run_scenario(path)
    assert (result.name, result.differences) == ("one.yaml", ("one.yaml: no proposed churned matches the decision of 2026-12-01",))


@pytest.mark.parametrize("narrowed", ["outlet: s2", "month: 2026-12"])
def test_a_decision_narrowed_to_what_is_not_proposed_is_a_difference(tmp_path, narrowed):
    outlets = "outlets: [{id: s1, class: C, rep: li, approved_on: 2026-10-15, account_made_on: 2026-10-10}]\n"
    path = tmp_path / "one.yaml"
    path.write_text(f"{HEAD}{outlets}{EXPECT}decisions: [{{kind: missed_visit, {narrowed}, on: 2026-12-01}}]\n", "utf-8")
    assert run_scenario(path).differences == ("one.yaml: no proposed missed_visit matches the decision of 2026-12-01",)


def test_a_closed_month_of_somebody_unknown_is_a_difference(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(f"{HEAD}{OUTLET}{EXPECT}closed: {{2026-10: {{wang: {{base: 1100}}}}}}\n", "utf-8")
    assert run_scenario(path).differences == ("one.yaml.closed: there is no rep wang",)


def test_a_scenario_is_read_with_its_defaults(tmp_path):
    scenario = reading(tmp_path, f"{HEAD}{OUTLET}{EXPECT}visits: [{{outlet: s1, on: 2026-11-03}}]\n")
    [visit] = scenario.company.visits
    assert (scenario.month, scenario.today) == (Month(2026, 11), date(2026, 12, 1))
    assert (visit.id, visit.facts.distance_m, visit.facts.accuracy_m, visit.facts.review) == ("v1", 20.0, 10.0, None)


def test_amounts_are_exact_and_a_months_total_stands_on_its_last_day(tmp_path):
    scenario = reading(tmp_path, f"{HEAD}outlets: [{{id: s1, rep: li, transfers: {{2026-11-06: 0.10, 2026-02: 5000}}}}]\n{EXPECT}")
    assert scenario.company.outlets[0].transfers == (Transfer(date(2026, 11, 6), Decimal("0.10")), Transfer(date(2026, 2, 28), Decimal(5000)))


def test_on_and_off_are_words_and_not_flags(tmp_path):
    scenario = reading(tmp_path, f"{HEAD}{OUTLET}{EXPECT}calendar: {{off: [2026-11-02], on: [2026-11-07, 2027-01-03]}}\n")
    years = scenario.company.years
    assert (years[2026].off, years[2026].on, years[2027].on) == ({date(2026, 11, 2)}, {date(2026, 11, 7)}, {date(2027, 1, 3)})


def test_words_and_plans_are_read_as_they_stand(tmp_path):
    rows = "churn: [{outlet: s1, listed_on: 2026-11-02, words: [{by: ops, on: 2026-11-03, gone: false}]}]\nvisit_plan: [{outlet: s1, visits: 2}]\n"
    company = reading(tmp_path, f"{HEAD}{OUTLET}{EXPECT}{rows}").company
    assert company.churn[0].words == (Word(Source.OPS, date(2026, 11, 3), False),)
    assert company.planned_visits == (PlannedVisits("s1", "2026-11", 2),)


def test_a_count_makes_so_many_outlets_alike(tmp_path):
    company = reading(tmp_path, f"{HEAD}outlets: [{{id: s, count: 3, class: A, rep: li}}]\n{EXPECT}").company
    assert [outlet.id for outlet in company.outlets] == ["s-1", "s-2", "s-3"]
    assert [period.outlet_id for period in company.periods] == ["s-1", "s-2", "s-3"]
