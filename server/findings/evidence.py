"""The records a finding or a wage line rests on, as cards: each feature reads its own kinds."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from server.media.store import stored_among
from server.people.models import Person


@dataclass(frozen=True)
class Card:
    """A record in one line. `mark` is its state's shape; `name` is a name (never translated); `photo` a hash; no link, no reach."""

    kind: str
    id: str
    mark: str
    word: str
    name: str
    text: str
    href: str = ""
    photo: str = ""


Reference = tuple[str, str]
CardReader = Callable[[list[str], Person, date], dict[str, Card]]
card_readers: dict[str, CardReader] = {}


def cards_of(references: Iterable[Reference], reader: Person, today: date) -> list[Card]:
    """The cards in the order asked for; one query per kind, and none for what the reader may not see.

    A photo that a phone still has to send is left out.
    """
    asked = list(references)
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, record_id in asked:
        by_kind[kind].append(record_id)
    found: dict[Reference, Card] = {}
    for kind, ids in by_kind.items():
        if kind in card_readers:
            found.update({(kind, key): card for key, card in card_readers[kind](ids, reader, today).items()})
    cards = [found[reference] for reference in asked if reference in found]
    here = stored_among(sorted({card.photo for card in cards if card.photo}))
    return [card if card.photo in here else replace(card, photo="") for card in cards]
