"""A backup taken while the app runs comes back whole, on both databases, and begins a new epoch."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.databases import Cluster, sqlite_url

ROOT = Path(__file__).resolve().parents[2]
BLOB = "blobs/ab/cd/abcd"


def run(
    script: str, argument: Path, data: Path, url: str, tools: Path | None = None, *options: str, python: object = sys.executable
) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent
    environment = os.environ | {"XUNDIAN_DATA": str(data), "DATABASE_URL": url, "PYTHON": str(python), "XUNDIAN": str(beside / "xundian")}
    if tools:
        environment["PATH"] = f"{tools}{os.pathsep}{environment['PATH']}"
    words = ["bash", str(ROOT / "deploy" / script), *options, str(argument)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def epoch(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        found: str = connection.execute(text("SELECT epoch FROM sync_meta")).scalar_one()
    engine.dispose()
    return found


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """Where to restore to: an empty database of the same kind."""
    if database_url.startswith("sqlite"):
        return sqlite_url(tmp_path / "restored")
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.create_database()


@pytest.fixture
def tools(request: pytest.FixtureRequest, database_url: str) -> Path | None:
    if database_url.startswith("sqlite"):
        return None
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.binaries


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> None:
    """What every data folder holds after its first start."""
    (tmp_path / "secret.key").write_text("ab" * 32)
    (tmp_path / "ids.key").write_text("cd" * 32)


def write_photo(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def store_photo(url: str, sha256: str) -> None:
    """The row of a photo that the database calls stored."""
    engine = create_engine(url)
    with engine.begin() as connection:
        row = "INSERT INTO blob (sha256, size, mime, expected_at, stored_at) VALUES (:sha256, 5, 'image/jpeg', :at, :at)"
        connection.execute(text(row), {"sha256": sha256, "at": "2026-11-20 01:00:00"})
    engine.dispose()


def test_backup_comes_back_whole(database_url: str, empty_url: str, tools: Path | None, tmp_path: Path) -> None:
    write_photo(tmp_path / BLOB, b"photo")

    saved = run("backup.sh", tmp_path / "copies", tmp_path, database_url, tools)
    assert saved.returncode == 0, saved.stderr
    restored = run("restore.sh", Path(saved.stdout.strip()), tmp_path / "restored", empty_url, tools)

    assert restored.returncode == 0, restored.stderr
    assert (tmp_path / "restored" / BLOB).read_bytes() == b"photo"
    assert (tmp_path / "restored" / "secret.key").read_text() == "ab" * 32
    assert (tmp_path / "restored" / "ids.key").read_text() == "cd" * 32
    assert epoch(empty_url) != epoch(database_url)


def test_a_photo_that_comes_while_the_database_is_copied_is_in_the_copy(database_url: str, tools: Path | None, tmp_path: Path) -> None:
    """Whoever copied the photos first would lack it: the copied database calls it stored."""
    store_photo(database_url, "abcd")
    (tmp_path / "blobs").mkdir()
    slow = tmp_path / "python"
    comes = f"mkdir -p {(tmp_path / BLOB).parent} && echo photo > {tmp_path / BLOB}"
    slow.write_text(f'#!/bin/sh\ncase "$1" in -|*/postgres.py) {comes};; esac\nexec {sys.executable} "$@"\n')
    slow.chmod(0o755)

    saved = run("backup.sh", tmp_path / "copies", tmp_path, database_url, tools, python=slow)
    assert saved.returncode == 0, saved.stderr
    assert (Path(saved.stdout.strip()) / BLOB).read_text() == "photo\n"


def test_backup_fails_when_no_stored_photo_is_in_the_folder_and_leaves_nothing(database_url: str, tools: Path | None, tmp_path: Path) -> None:
    store_photo(database_url, "abcd")
    store_photo(database_url, "ef01")

    saved = run("backup.sh", tmp_path / "copies", tmp_path, database_url, tools)
    assert saved.returncode != 0
    assert "the database has 2 photos, and none of them is in" in saved.stderr
    assert list((tmp_path / "copies").iterdir()) == []

    write_photo(tmp_path / BLOB, b"photo")
    saved = run("backup.sh", tmp_path / "copies", tmp_path, database_url, tools)
    assert saved.returncode == 0
    assert "1 of 2 photos are missing" in saved.stderr and "ef01" in saved.stderr


@pytest.mark.parametrize(("name", "variable"), [("ids.key", "XUNDIAN_ID_KEY"), ("secret.key", "XUNDIAN_SECRET_KEY")])
def test_backup_fails_without_a_key_unless_it_is_set(
    database_url: str, tools: Path | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, variable: str
) -> None:
    (tmp_path / name).unlink()

    refused = run("backup.sh", tmp_path / "copies", tmp_path, database_url, tools)
    assert refused.returncode == 2
    assert f"{name} and no {variable}" in refused.stderr
    assert not (tmp_path / "copies").exists()

    monkeypatch.setenv(variable, "ab" * 32)
    assert run("backup.sh", tmp_path / "copies", tmp_path, database_url, tools).returncode == 0


def test_photos_of_the_newest_copy_are_linked_and_erased_ones_stay_away(
    database_url: str, empty_url: str, tools: Path | None, tmp_path: Path
) -> None:
    copies, erased, new = tmp_path / "copies", "blobs/ef/01/ef01", "blobs/12/34/1234"
    for name in (BLOB, erased):
        write_photo(tmp_path / name, b"photo")
    first = Path(run("backup.sh", copies, tmp_path, database_url, tools).stdout.strip()).rename(copies / "20261120T180000Z")
    (tmp_path / erased).unlink()
    write_photo(tmp_path / new, b"another")
    (copies / "unfinished-abcdef").mkdir()

    saved = run("backup.sh", copies, tmp_path, database_url, tools)
    assert saved.returncode == 0, saved.stderr
    second = Path(saved.stdout.strip())
    assert (second / BLOB).stat().st_ino == (first / BLOB).stat().st_ino != (tmp_path / BLOB).stat().st_ino
    assert (second / new).read_bytes() == b"another"
    assert not (second / erased).exists()

    restored = run("restore.sh", second, tmp_path / "restored", empty_url, tools)
    assert restored.returncode == 0, restored.stderr
    assert (tmp_path / "restored" / BLOB).read_bytes() == b"photo"
    (second / BLOB).write_bytes(b"other")
    assert run("restore.sh", second, tmp_path / "elsewhere", sqlite_url(tmp_path / "elsewhere"), tools).returncode != 0


def test_a_photo_that_the_newest_copy_holds_cut_short_is_copied_again(database_url: str, tools: Path | None, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    write_photo(tmp_path / BLOB, b"photo")
    first = Path(run("backup.sh", copies, tmp_path, database_url, tools).stdout.strip()).rename(copies / "20261120T180000Z")
    (first / BLOB).write_bytes(b"phot")

    second = Path(run("backup.sh", copies, tmp_path, database_url, tools).stdout.strip())
    assert (second / BLOB).read_bytes() == b"photo"


def test_keep_leaves_the_newest_copies_alone(database_url: str, tools: Path | None, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    for name in ("20261118T180000Z", "20261119T180000Z", "20261120T180000Z"):
        (copies / name).mkdir(parents=True)
        (copies / name / "SHA256SUMS").touch()
    (copies / "of the year 2025").mkdir()

    for wrong in ("0", "two"):
        assert run("backup.sh", copies, tmp_path, database_url, tools, "--keep", wrong).returncode == 2
    saved = run("backup.sh", copies, tmp_path, database_url, tools, "--keep", "2")
    assert saved.returncode == 0, saved.stderr
    left = ["20261120T180000Z", Path(saved.stdout.strip()).name, "of the year 2025"]
    assert sorted(path.name for path in copies.iterdir()) == left


def test_programs_of_postgresql_get_the_password_in_their_environment_alone(tmp_path: Path) -> None:
    tools, url = tmp_path / "tools", "postgresql://xundian:ge%20heim@127.0.0.1:5433/company?sslmode=disable"
    tools.mkdir()
    for program in ("pg_dump", "pg_restore"):
        (tools / program).write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/words\necho "$PGPASSWORD" > {tmp_path}/password\nexit 1\n')
        (tools / program).chmod(0o755)
    copy = tmp_path / "copy"
    (copy / "blobs").mkdir(parents=True)
    (copy / "xundian.dump").write_text("dump")
    digest = hashlib.sha256(b"dump").hexdigest()
    (copy / "SHA256SUMS").write_text(f"{digest}  ./xundian.dump\n")

    for script, argument, data in (("backup.sh", tmp_path / "copies", tmp_path), ("restore.sh", copy, tmp_path / "restored")):
        assert run(script, argument, data, url, tools).returncode == 1
        words = (tmp_path / "words").read_text()
        assert "--dbname=user=xundian" in words and "dbname=company" in words and "port=5433" in words and "heim" not in words
        assert (tmp_path / "password").read_text() == "ge heim\n"


def test_restore_refuses_a_folder_in_use_and_a_damaged_copy(database_url: str, tools: Path | None, tmp_path: Path) -> None:
    write_photo(tmp_path / BLOB, b"photo")
    copy = Path(run("backup.sh", tmp_path / "copies", tmp_path, database_url, tools).stdout.strip())

    assert "not empty" in run("restore.sh", copy, tmp_path, database_url, tools).stderr
    (copy / BLOB).write_bytes(b"other")
    damaged = run("restore.sh", copy, tmp_path / "elsewhere", sqlite_url(tmp_path / "elsewhere"), tools)
    assert damaged.returncode != 0
    assert not (tmp_path / "elsewhere").exists()


def test_what_was_erased_is_listed_beside_the_copies_and_comes_back_with_an_older_one(
    database_url: str, empty_url: str, tools: Path | None, tmp_path: Path
) -> None:
    copies, erasures = tmp_path / "copies", tmp_path / "erasures.txt"
    lines = [f"outlet 0194b8a0-0000-7000-8000-00000000000{number} 2026-11-20T01:00:00.000Z\n" for number in (1, 2)]
    for number, line in enumerate(("", *lines)):  # the last list knows less than the one before: the data folder was lost in between
        erasures.write_text(line)
        saved = run("backup.sh", copies, tmp_path, database_url, tools)
        assert saved.returncode == 0, saved.stderr
        Path(saved.stdout.strip()).rename(copies / str(number))  # copies of one second would have one name
    older = copies / "0"

    restored = run("restore.sh", older, tmp_path / "restored", empty_url, tools)

    assert restored.returncode == 0, restored.stderr
    assert (tmp_path / "restored" / "erasures.txt").read_text() == (copies / "erasures.txt").read_text() == "".join(lines)
