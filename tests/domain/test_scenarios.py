"""Every scenario of tests/scenarios through the rules, and what a wrong one says."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.scenarios.running import run_scenario, scenario_paths

FOLDER = Path(__file__).parent.parent / "scenarios"
RIGHT = """
name: One rep without outlets
source: RULEBOOK §10
month: 2026-11
reps: {li: {}}
expect:
  li: {lines: {base: 1100.00}, total: 1100.00}
"""


def scenario(folder, text, name="one.yaml"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def differences(folder, text):
    return list(run_scenario(scenario(folder, text)).differences)


@pytest.mark.parametrize("path", scenario_paths(FOLDER), ids=lambda path: path.stem)
def test_scenario(path):
    assert not run_scenario(path).differences


@pytest.mark.parametrize("section", ["s03", "s04", "s05", "s06", "s07", "s08", "s09", "s10", "s11"])
def test_scenarios_cover_the_section(section):
    assert len(list(FOLDER.glob(f"{section}-*.yaml"))) >= 10


def test_every_scenario_has_a_sentence_of_its_own():
    names = [run_scenario(path).name for path in scenario_paths(FOLDER)]
    assert len(set(names)) == len(names)


def test_a_wrong_total_shows_both_figures(tmp_path):
    assert differences(tmp_path, RIGHT.replace("total: 1100.00", "total: 1100.01")) == ["li: total: expected 1100.01, got 1100.00"]


def test_a_wrong_amount_a_missing_and_an_unexpected_line_each_show(tmp_path):
    text = RIGHT.replace("{base: 1100.00}", "{base: 1000.00, volume: 3.00}").replace("expect:", "outlets: [{id: s1, rep: li}]\nexpect:")
    assert differences(tmp_path, text.replace(", total: 1100.00", "")) == [
        "li: line base: expected 1000.00, got 1100.00",
        "li: line volume: expected 3.00, got none",
        "li: line award_complaints: expected none, got 100.00",
    ]


def test_a_rep_that_is_not_there_shows(tmp_path):
    assert differences(tmp_path, RIGHT.replace("  li: {lines", "  wang: {lines")) == ["wang: there is no such rep"]


def test_what_is_expected_of_the_company_shows_each_difference(tmp_path):
    text = """
name: An outlet that nobody visited
source: RULEBOOK §4
month: 2026-11
outlets: [{id: s1, class: C, rep: li, approved_on: 2026-10-15, account_made_on: 2026-10-10, transfers: {2026-09-30: 1}}]
churn: [{outlet: s1, listed_on: 2026-12-01}]
expect:
  proposed: [missed_visit s2 2026-11]
  outlets: {s1: {class: A, owed: 2, counted: 1}, s2: {owed: 1}}
  training_due: [s2, s1]
  churn_list: []
  churn: {s1: kept, s2: open}
"""
    assert differences(tmp_path, text) == [
        "proposed missed_visit s2 2026-11: expected yes, got none",
        "proposed missed_visit s1 2026-11: expected none, got yes",
        "s1: class: expected A, got C",
        "s1: owed: expected 2, got 1",
        "s1: counted: expected 1, got 0",
        "s2: owed: expected 1, got none",
        "training due 1: expected s2, got s1",
        "training due 2: expected s1, got none",
        "churn list s1: expected none, got yes",
        "churn s1: expected kept, got open",
        "churn s2: expected open, got none",
    ]


def test_quantities_and_estimates_show_their_differences(tmp_path):
    text = """
name: A running month
source: RULEBOOK §11
month: 2026-11
today: 2026-11-11
outlets: [{id: s1, rep: li, transfers: {2026-11-05: 1000}}]
expect:
  li: {total: 1203.00, quantities: {volume: 999, base: 1, award_visits: 1}, estimated: [base]}
"""
    assert differences(tmp_path, text) == [
        "li: quantity volume: expected 999, got 1000.00",
        "li: quantity award_visits: expected 1, got none",
        "li: estimate base: expected yes, got none",
        "li: estimate volume: expected none, got yes",
    ]


def test_a_folder_is_read_by_name_with_both_endings(tmp_path):
    (tmp_path / "deep").mkdir()
    paths = [scenario(tmp_path, RIGHT, name) for name in ("b.yaml", "a.yml", "deep/c.yaml")]
    scenario(tmp_path, RIGHT, "notes.txt")
    assert scenario_paths(tmp_path) == [paths[1], paths[0], paths[2]]
    assert scenario_paths(paths[0]) == [paths[0]]


def run_command(*arguments):
    from server.cli import main

    return CliRunner().invoke(main, ["scenarios", *map(str, arguments)])


def test_the_command_says_ok_and_exits_0_when_all_is_as_expected(tmp_path):
    scenario(tmp_path, RIGHT)
    found = run_command(tmp_path)
    assert (found.exit_code, found.output) == (0, "ok      one.yaml: One rep without outlets\n1 passed, 0 failed\n")


def test_the_command_exits_1_with_the_difference_when_a_wage_is_not_as_expected(tmp_path):
    scenario(tmp_path, RIGHT, "a.yaml")
    scenario(tmp_path, RIGHT.replace("{base: 1100.00}", "{base: 1200.00}"), "b.yaml")
    found = run_command(tmp_path)
    assert found.exit_code == 1
    assert found.output.splitlines() == [
        "ok      a.yaml: One rep without outlets",
        "FAILED  b.yaml: One rep without outlets",
        "        li: line base: expected 1200.00, got 1100.00",
        "1 passed, 1 failed",
    ]


def test_the_command_exits_1_for_a_file_that_cannot_be_read(tmp_path):
    found = run_command(scenario(tmp_path, RIGHT.replace("month: 2026-11", "month: 2026-13")))
    assert found.exit_code == 1
    assert "one.yaml.month: 2026-13 is no month" in found.output


def test_the_command_exits_1_for_a_folder_without_scenarios(tmp_path):
    assert run_command(tmp_path).exit_code == 1
