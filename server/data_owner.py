"""Whose the data folder is: what root writes there the service could not read any more."""

import os
import pwd
from pathlib import Path


def standing_folder(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already: whoever owns that is to own what is made in it."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def owner_to_run_as(folder: Path) -> str | None:
    """The user whom the folder belongs to, when this runs as root and the folder is somebody else's."""
    if os.geteuid() != 0:
        return None
    owner = folder.stat().st_uid
    return user_name(owner) if owner != 0 else None


def user_name(user_id: int) -> str:
    """The name, or the number of a user whom this machine does not know."""
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return f"#{user_id}"
