"""Bugs on purpose: each is a patch that only tests can reach, and must be caught (SYNC: "16 of 16 planted bugs").

A bug is a function that takes `patch(owner, name, value)` and puts the fault in place; the name says what is wrong.
"""

from tests.faults.planted import feed, files, operations, outlets, phones
from tests.faults.planted.patching import Bug

BUGS: tuple[Bug, ...] = (*operations.BUGS, *feed.BUGS, *outlets.BUGS, *files.BUGS, *phones.BUGS)
