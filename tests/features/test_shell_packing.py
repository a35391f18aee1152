"""The phone's files, gzipped for whoever takes that."""

import gzip
import json
import re

import pytest

from server.phone_shell import PWA

START = "/m/start.js"


@pytest.fixture
def client(app):
    return app.test_client()


def test_a_text_is_gzipped_for_who_takes_it(client):
    packed = client.get(START, headers={"Accept-Encoding": "gzip, br"})
    assert (packed.status_code, packed.headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(packed.get_data()) == (PWA / "start.js").read_bytes()
    assert packed.content_length == len(packed.get_data()) < (PWA / "start.js").stat().st_size
    assert ("Accept-Encoding" in packed.vary, packed.headers["Cache-Control"]) == (True, "no-cache")
    assert packed.mimetype == "text/javascript"


def test_a_text_is_plain_for_who_does_not(client):
    plain = client.get(START, headers={"Accept-Encoding": "identity"})
    assert ("Content-Encoding" in plain.headers, plain.get_data()) == (False, (PWA / "start.js").read_bytes())


def test_an_unchanged_text_is_not_sent_again_and_packed_and_plain_are_not_mixed_up(client):
    tag = client.get(START, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    again = client.get(START, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert client.get(START, headers={"If-None-Match": tag}).status_code == 200


def test_a_picture_is_sent_as_it_is(client):
    assert "Content-Encoding" not in client.get("/m/icons/icon-192.png", headers={"Accept-Encoding": "gzip"}).headers


def test_the_start_page_is_gzipped_too(client):
    assert client.get("/m/", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"


def test_the_start_page_names_what_the_first_screen_imports(client):
    page = client.get("/m/", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    named = re.findall(r'modulepreload" href="(/m/[^"]+)"', page)
    assert named[:3] == ["/m/packs.js", "/m/packs/app.js", "/m/packs/zh.js"] and "/m/vendor/lit-html/lit-html.js" in named
    assert not {"/m/packs/en.js", "/m/packs/signed_in.js", "/m/packs/rest.js"} & set(named)
    assert all(client.get(address).status_code == 200 for address in named)
    assert page.index("modulepreload") < page.index('<script type="module"')


def test_what_comes_before_signing_in_is_small(client):
    """120 KB with headers is the budget."""
    page = client.get("/m/", headers={"Accept-Encoding": "gzip"})
    named = re.findall(r'(?:modulepreload|stylesheet)" href="(/m/[^"]+)"', gzip.decompress(page.get_data()).decode())
    answers = [client.get(address, headers={"Accept-Encoding": "gzip"}).get_data() for address in named]
    assert len(named) > 5
    assert sum(map(len, [page.get_data(), *answers])) <= 80 * 1024


def test_scripts_carry_no_headers_of_pages(client):
    assert "Content-Security-Policy" not in client.get(START).headers
    assert client.get(START).headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/m/", "/m/sw.js", "/m/icons/icon.svg"):
        assert "script-src 'self'" in client.get(path).headers["Content-Security-Policy"]


def test_the_page_that_phones_keep_names_what_somebody_signed_in_needs(client):
    page = client.get("/m/?kept", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    named = re.findall(r'modulepreload" href="(/m/[^"]+)"', page)
    assert "/m/packs/signed_in.js" in named and "/m/packs/rest.js" not in named


def test_the_styles_come_in_one_file_in_the_order_of_the_source(client):
    page = client.get("/m/", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    assert re.findall(r'stylesheet" href="([^"]+)"', page) == ["/m/css/all.css"]
    styles = client.get("/m/css/all.css", headers={"Accept-Encoding": "identity"})
    source = re.findall(r'stylesheet" href="/m/([^"]+)"', (PWA / "index.html").read_text("utf-8"))
    assert len(source) == len(list((PWA / "css").glob("*.css"))) and source[0] == "css/tokens.css"
    assert styles.get_data(as_text=True) == "\n".join((PWA / name).read_text("utf-8") for name in source)
    assert (styles.mimetype, client.get("/m/css/all.css", headers={"If-None-Match": styles.headers["ETag"]}).status_code) == ("text/css", 304)
    urls = re.search(r"SHELL = (\[.*?\]);", client.get("/m/sw.js").get_data(as_text=True))
    assert urls and [url for url in json.loads(urls[1]) if url.endswith(".css")] == ["/m/css/all.css"]
