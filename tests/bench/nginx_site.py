"""The site as a company serves it: nginx with `deploy/nginx.conf` in front of the app, over HTTPS and HTTP/2."""

import re
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.server_process import free_port

SITE = Path(__file__).parents[2] / "deploy" / "nginx.conf"
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    types {{ text/html html; }}
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@contextmanager
def nginx_site(folder: Path, app_port: int) -> Iterator[str]:
    """The address of a running site in front of the app on this port; only ports, host and certificate differ from the file."""
    folder.mkdir(parents=True, exist_ok=True)
    make_certificate(folder)
    port = free_port()
    settings = folder / "nginx.conf"
    settings.write_text(AROUND.format(folder=folder, site=site_text(folder, port, app_port)), "utf-8")
    process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(folder), "-c", str(settings)], stderr=subprocess.PIPE)
    try:
        wait_for(f"https://127.0.0.1:{port}/healthz", process)
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def site_text(folder: Path, port: int, app_port: int) -> str:
    text = SITE.read_text("utf-8").replace("server web:8000;", f"server 127.0.0.1:{app_port};")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};").replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;")
    return re.sub(r"/etc/nginx/certificates", str(folder), text)


def make_certificate(folder: Path) -> None:
    names = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", *names]
    subprocess.run(words, check=True, capture_output=True)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """Until it answers; raises when nginx ended."""
    until, own_certificate = time.monotonic() + seconds, ssl._create_unverified_context()
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(process.stderr.read().decode() if process.stderr else "nginx ended")
        try:
            urllib.request.urlopen(url, context=own_certificate, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(url)
