"""Root writes nothing into the data folder of somebody else, and a database without tables is told of in words."""

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.app import create_app
from server.cli import main
from server.cli_people import person_group, region_group
from server.data_owner import owner_to_run_as, standing_folder
from tests.databases import sqlite_url
from tests.settings import settings_for

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NOBODY = 65534


@pytest.fixture
def others_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not root's, seen by root."""
    folder = tmp_path / "data"
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return folder


@pytest.mark.parametrize("place", ["", "made later", "made/later"])
def test_a_command_of_root_leaves_the_folder_of_somebody_else_alone(others_folder: Path, place: str):
    answer = CliRunner().invoke(main, ["--data", str(others_folder / place), "region", "add", "成都"])
    assert answer.exit_code == 1
    assert f"{others_folder} belongs to" in answer.output and "sudo -u" in answer.output
    assert list(others_folder.iterdir()) == []


def test_root_makes_a_folder_where_its_own_are(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    place = standing_folder(Path("/made/later"))
    assert (place, owner_to_run_as(place)) == (Path("/"), None)


def test_a_command_of_the_owner_runs(others_folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.geteuid", lambda: NOBODY)
    answer = CliRunner().invoke(main, ["--data", str(others_folder), "db", "upgrade"])
    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("script", ["backup.sh", "restore.sh"])
@pytest.mark.parametrize("place", ["", "made later", "made/later"])
def test_scripts_of_root_leave_the_folder_of_somebody_else_alone(others_folder: Path, tmp_path: Path, script: str, place: str):
    (tmp_path / "id").write_text("#!/bin/sh\necho 0\n")
    (tmp_path / "id").chmod(0o755)
    environment = os.environ | {"XUNDIAN_DATA": str(others_folder / place), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    words = ["bash", str(DEPLOY / script), str(tmp_path / "copies")]
    answer = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "belongs to" in answer.stderr and "not as root" in answer.stderr
    assert list(others_folder.iterdir()) == [] and not (tmp_path / "copies").exists()


def test_people_and_regions_ask_for_the_tables_first(tmp_path: Path):
    app = create_app(settings_for(tmp_path, sqlite_url(tmp_path)))
    words = ["add", "boss", "--name", "王经理", "--role", "admin", "--password", "geheim-geheim"]
    for answer in (CliRunner().invoke(person_group, words, obj=app), CliRunner().invoke(region_group, ["add", "成都"], obj=app)):
        assert answer.exit_code == 1
        assert "run `xundian db upgrade` first" in answer.output
