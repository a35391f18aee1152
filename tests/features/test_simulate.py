"""`xundian simulate`: phones over real HTTP, faults on the way, invariants at the end."""

from click.testing import CliRunner

from server.cli import main
from server.simulation import running
from server.simulation.invariants import Violation


def run(tmp_path, database_url, monkeypatch, *words):
    monkeypatch.setenv("DATABASE_URL", database_url)
    return CliRunner().invoke(main, ["--data", str(tmp_path), "simulate", "--phones", "3", "--days", "2", *words])


def test_a_simulation_with_faults_ends_with_the_invariants(tmp_path, database_url, monkeypatch):
    done = run(tmp_path, database_url, monkeypatch, "--share", "0.3")
    assert done.exit_code == 0, done.output
    assert "I1 to I11 hold" in done.output
    assert "3 phones, 2 days, seed 1" in done.output


def test_a_violation_is_told_and_fails(tmp_path, database_url, monkeypatch):
    def broken(*_args, **_kinds):
        raise Violation("I1 a captured visit is nowhere")

    monkeypatch.setattr(running, "check_all", broken)
    done = run(tmp_path, database_url, monkeypatch, "--faults", "none")
    assert done.exit_code == 1
    assert "VIOLATED I1" in done.output


def test_a_database_in_use_is_refused(app, company, tmp_path, database_url, monkeypatch):
    done = run(tmp_path, database_url, monkeypatch)
    assert done.exit_code == 1
    assert "empty database" in done.output


def test_an_unknown_fault_is_refused(tmp_path, database_url, monkeypatch):
    assert run(tmp_path, database_url, monkeypatch, "--faults", "meteor").exit_code == 2
