"""Whose the data folder is: what root writes there the service could not read any more."""

import os
import pwd
from pathlib import Path


def owner_to_run_as(folder: Path) -> str | None:
    """The user whom the folder belongs to, when this runs as root and the folder is somebody else's."""
    if os.geteuid() != 0 or not folder.exists():
        return None
    owner = folder.stat().st_uid
    return user_name(owner) if owner != 0 else None


def user_name(user_id: int) -> str:
    """The name, or the number of a user whom this machine does not know."""
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return f"#{user_id}"
