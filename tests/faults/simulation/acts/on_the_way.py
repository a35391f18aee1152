"""Acts of the network between phone and server."""

from tests.faults.simulation.acts.play import Play
from tests.faults.simulation.world import Fault

NETWORK = (
    "lost_request",
    "lost_response",
    "duplicate",
    "server_crash",
    "upload_crash",
    "portal",
    "liar",
    "broken",
    "too_large",
    "damaged",
    "cut_upload",
    "sent_twice",
)


def network(play: Play, a: int, b: int, c: int) -> None:
    kind = NETWORK[a % len(NETWORK)]
    if kind == "upload_crash":  # few files are sent, and what matters is when their last bytes are there
        play.world.faults.append(Fault(kind, after=b % 2, at=9 + c % 24))
    else:
        play.world.faults.append(Fault(kind, after=b % 4, at=1 + c % 40))


def old_duplicate(play: Play, a: int, _b: int, _c: int) -> None:
    """A push of long ago arrives once more; nobody waits for its answer."""
    if play.world.sent_before:
        path, headers, body = play.world.sent_before[a % len(play.world.sent_before)]
        play.world.app.test_client(use_cookies=False).post(path, data=body, headers=dict(headers), environ_overrides={"xundian.now": play.world.now})
