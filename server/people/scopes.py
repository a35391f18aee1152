"""The scopes that come with a person's file (SYNC §3)."""

from server.people.models import Person


def scopes_of(person: Person) -> list[str]:
    """Those of everybody, the person's own, and one for each region; outlets come and go with assignments."""
    return ["global", f"user:{person.id}", *(f"region:{region_id}" for region_id in person.region_ids)]
