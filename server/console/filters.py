"""What many lists are narrowed by."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict


@dataclass(frozen=True)
class RegionAndRep:
    """Ids; empty ones are unset. What stands for a rep (an outlet's, a visit's, a sender) is the list's to say."""

    region_id: str
    rep_id: str

    @property
    def is_set(self) -> bool:
        return bool(self.region_id or self.rep_id)


def read_region_and_rep(asked: MultiDict[str, str]) -> RegionAndRep:
    """From the address: `region` and `rep`."""
    return RegionAndRep(asked.get("region", ""), asked.get("rep", ""))
