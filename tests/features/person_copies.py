"""A person's copy as a test asks for it and reads it."""

import json
import zipfile
from io import BytesIO


def copied(client, person_id: str) -> zipfile.ZipFile:
    answer = client.post(f"/people/{person_id}/copies")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/zip" and answer.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(BytesIO(answer.data))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict]:
    return json.loads(archive.read(f"json/{name}.json"))
