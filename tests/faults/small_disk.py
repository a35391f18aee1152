"""A disk that can be filled and freed: a small file system of its own where we are root."""

import errno
import os
import subprocess
from pathlib import Path
from types import TracebackType

MEGABYTE = 1 << 20
STEP = 1 << 14


class NoSmallDisk(RuntimeError):
    """This user may not mount file systems."""


class SmallDisk:
    """An ext4 image mounted at `folder` for the length of a `with` block; a ballast file takes and gives back room."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self.image = folder.with_suffix(".img")
        self.size = megabytes * MEGABYTE

    def __enter__(self) -> "SmallDisk":
        self.folder.mkdir(parents=True)
        with self.image.open("wb") as file:
            file.truncate(self.size)
        _run("mkfs.ext4", "-q", "-m", "0", str(self.image))
        _run("mount", "-o", "loop", str(self.image), str(self.folder))
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        _run("umount", "--lazy", str(self.folder))
        self.image.unlink()

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self, spare_bytes: int = 0) -> None:
        """Take all the room but so much."""
        with self.ballast.open("ab", buffering=0) as file:
            try:
                while file.write(b"\0" * STEP):
                    pass
            except OSError as fault:
                if fault.errno != errno.ENOSPC:
                    raise
            os.fsync(file.fileno())
            file.truncate(max(0, file.tell() - spare_bytes))

    def free(self) -> None:
        self.ballast.unlink()


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as fault:
        raise NoSmallDisk(str(fault)) from fault
    if done.returncode:
        raise NoSmallDisk(f"{command[0]}: {done.stderr.strip()}")
