"""The phone's files, gzipped for whoever takes that."""

import gzip
import json
import re

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


def test_the_start_page_names_what_the_first_screen_imports(client):
    page = client.get("/m/", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    named = re.findall(r'modulepreload" href="(/m/[^"]+)"', page)
    assert {APP, "/m/i18n/zh/basics.js", "/m/screens/sign_in.js", "/m/vendor/lit-html/lit-html.js"} <= set(named)
    later = {"/m/i18n/en.js", "/m/screens/visit.js", "/m/outbox/engine.js", "/m/ui/scanner.js", "/m/outbox/rescue_file.js", "/m/db/capture.js"}
    assert not later & set(named)
    assert all(client.get(address).status_code == 200 for address in named)
    assert page.index("modulepreload") < page.index('<script type="module"')


def test_what_comes_before_signing_in_is_small(client):
    """120 KB with headers is the budget; those of some 60 answers take 15 KB."""
    page = client.get("/m/", headers={"Accept-Encoding": "gzip"})
    named = re.findall(r'(?:modulepreload|stylesheet)" href="(/m/[^"]+)"', gzip.decompress(page.get_data()).decode())
    answers = [client.get(address, headers={"Accept-Encoding": "gzip"}).get_data() for address in named]
    assert len(named) > 40
    assert sum(map(len, [page.get_data(), *answers])) <= 105 * 1024


def test_scripts_carry_no_headers_of_pages(client):
    assert "Content-Security-Policy" not in client.get(APP).headers
    assert client.get(APP).headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/m/", "/m/sw.js", "/m/icons/icon.svg"):
        assert "script-src 'self'" in client.get(path).headers["Content-Security-Policy"]


def test_the_page_that_phones_keep_names_what_somebody_signed_in_needs(client):
    page = client.get("/m/?kept", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    named = re.findall(r'modulepreload" href="(/m/[^"]+)"', page)
    assert {APP, "/m/company.js", "/m/screens/today.js"} <= set(named) and "/m/screens/sign_in.js" not in named


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
