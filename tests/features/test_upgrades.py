"""`xundian db upgrade` of several processes at once, such as two web pods that start together."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.databases import Cluster
from tests.settings import ID_KEY, SECRET_KEY

ROOT = Path(__file__).parent.parent.parent
WORDS = [sys.executable, "-c", "from server.cli import main; main(prog_name='xundian')"]


def begin_upgrade(url: str, folder: Path) -> subprocess.Popen[str]:
    settings = {"DATABASE_URL": url, "XUNDIAN_SECRET_KEY": SECRET_KEY, "XUNDIAN_ID_KEY": ID_KEY, "PATH": "/usr/bin:/bin"}
    words = [*WORDS, "--data", str(folder), "db", "upgrade"]
    return subprocess.Popen(words, cwd=ROOT, env=settings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_upgrades_at_the_same_time_take_turns(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.create_database()
    upgrades = [begin_upgrade(url, tmp_path) for _ in range(3)]
    outputs = [upgrade.communicate(timeout=200)[0] for upgrade in upgrades]
    assert [upgrade.returncode for upgrade in upgrades] == [0, 0, 0], "\n".join(outputs)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sync_meta")).scalar_one() == 1
        assert connection.execute(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).scalar_one() == 0
    engine.dispose()
    cluster.drop_database(url)
