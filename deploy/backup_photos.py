"""The part of deploy/backup.sh that knows photos: whether those that the database calls stored are in the folder.

python deploy/backup_photos.py BLOB_FOLDER fails when it holds none of them, and tells how many are missing otherwise.
"""

import os
import sys
from pathlib import Path

from sqlalchemy import create_engine, text


def stored_photos(url: str) -> list[str]:
    """The hashes of the files that the database calls stored."""
    engine = create_engine(url)
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT sha256 FROM blob WHERE stored_at IS NOT NULL")))


def check_photos(stored: list[str], folder: Path) -> None:
    missing = [sha256 for sha256 in stored if not (folder / sha256[:2] / sha256[2:4] / sha256).exists()]
    if missing and len(missing) == len(stored):
        sys.exit(f"the database has {len(stored)} photos, and none of them is in {folder}: set XUNDIAN_DATA as the app has it")
    if missing:
        print(f"{len(missing)} of {len(stored)} photos are missing in {folder}, {missing[0]} for one", file=sys.stderr)


if __name__ == "__main__":
    check_photos(stored_photos(os.environ["DATABASE_URL"]), Path(sys.argv[1]))
