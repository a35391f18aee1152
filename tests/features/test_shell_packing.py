"""The phone's files, gzipped for whoever takes that."""

import gzip

import pytest

from server.phone_shell import PWA

APP = "/m/app.js"


@pytest.fixture
def client(app):
    return app.test_client()


def test_a_text_is_gzipped_for_who_takes_it(client):
    packed = client.get(APP, headers={"Accept-Encoding": "gzip, br"})
    assert (packed.status_code, packed.headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(packed.get_data()) == (PWA / "app.js").read_bytes()
    assert packed.content_length == len(packed.get_data()) < (PWA / "app.js").stat().st_size
    assert ("Accept-Encoding" in packed.vary, packed.headers["Cache-Control"]) == (True, "no-cache")
    assert packed.mimetype == "text/javascript"


def test_a_text_is_plain_for_who_does_not(client):
    plain = client.get(APP, headers={"Accept-Encoding": "identity"})
    assert ("Content-Encoding" in plain.headers, plain.get_data()) == (False, (PWA / "app.js").read_bytes())


def test_an_unchanged_text_is_not_sent_again_and_packed_and_plain_are_not_mixed_up(client):
    tag = client.get(APP, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    again = client.get(APP, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert client.get(APP, headers={"If-None-Match": tag}).status_code == 200


def test_a_picture_is_sent_as_it_is(client):
    assert "Content-Encoding" not in client.get("/m/icons/icon-192.png", headers={"Accept-Encoding": "gzip"}).headers


def test_the_start_page_is_gzipped_too(client):
    assert client.get("/m/", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
