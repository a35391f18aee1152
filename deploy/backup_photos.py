"""The photos' part of deploy/backup.sh: python deploy/backup_photos.py BLOB_FOLDER COPY [EARLIER_COPY]

Photos never change. One that the earlier copy has is linked to it, neither copied nor read again, and keeps its line of that copy's
SHA256SUMS. Only what the folder still has is taken: what was erased since does not come back with a link.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from sqlalchemy import create_engine, text

SUMS = "SHA256SUMS"


def stored_photos(url: str) -> list[str]:
    """The hashes of the files that the database calls stored."""
    engine = create_engine(url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT sha256 FROM blob WHERE stored_at IS NOT NULL")))


def check_photos(stored: list[str], folder: Path) -> None:
    """Ends the backup when the folder has none of them; tells how many are missing otherwise."""
    missing = [sha256 for sha256 in stored if not (folder / sha256[:2] / sha256[2:4] / sha256).exists()]
    if missing and len(missing) == len(stored):
        sys.exit(f"the database has {len(stored)} photos, and none of them is in {folder}: set XUNDIAN_DATA as the app has it")
    if missing:
        print(f"{len(missing)} of {len(stored)} photos are missing in {folder}, {missing[0]} for one", file=sys.stderr)


def copy_photos(folder: Path, copy: Path, earlier: Path | None) -> None:
    """Fill `blobs/` of the copy and begin its SHA256SUMS."""
    known = sums_of(earlier) if earlier else {}
    with (copy / SUMS).open("w") as sums:
        for source in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"./blobs/{source.relative_to(folder)}"
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            digest = known.get(name)
            try:
                if digest is None or earlier is None or not is_linked(source, earlier / name, copy / name):
                    digest = copied(source, copy / name)
            except FileNotFoundError:
                continue  # erased meanwhile
            sums.write(f"{digest}  {name}\n")


def sums_of(earlier: Path) -> dict[str, str]:
    """Digest by name, as `sha256sum` wrote them."""
    lines = (line.split("  ", 1) for line in (earlier / SUMS).read_text().splitlines())
    return {name: digest for digest, name in lines}


def is_linked(source: Path, earlier: Path, target: Path) -> bool:
    """Whether the earlier copy's file is there, as long as the source, and on a disk that knows links."""
    try:
        if earlier.stat().st_size != source.stat().st_size:
            return False
        os.link(earlier, target)
    except OSError:
        return False
    return True


def copied(source: Path, target: Path) -> str:
    """The SHA-256 of the file after it was copied."""
    shutil.copy2(source, target)
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    folder, copy, *earlier = sys.argv[1:]
    check_photos(stored_photos(os.environ["DATABASE_URL"]), Path(folder))
    copy_photos(Path(folder), Path(copy), Path(earlier[0]) if earlier else None)
