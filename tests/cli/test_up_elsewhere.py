"""`anlan up` where offices run it: from an installed package, on other addresses, with their certificate, on PostgreSQL."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import http.cookies
import ipaddress
import os
import re
import socket
import ssl
import subprocess
import sys
import urllib.parse
import zipfile
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from tests import postgres
from tests.cli.running import Site, site, wait_for
from tests.cli.shell import PLAN
from tests.house.files import ROOT


def listens_on_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as one:
        try:
            one.bind(("::1", 0))
        except OSError:
            return False
    return True


@pytest.mark.skipif(not listens_on_ipv6(), reason="this machine has no address of IPv6")
def test_it_listens_on_an_address_of_ipv6(tmp_path: Path) -> None:
    with site(tmp_path / "home") as one:
        said = one.start("--real", "--host", "::1")
        assert f"://[::1]:{one.port}/" in said
        with contextlib.closing(http.client.HTTPConnection("::1", one.port, timeout=10)) as wire:
            # As a browser has it, which asks by the address that was printed.
            wire.request("GET", "/login/", headers={"Host": f"[::1]:{one.port}"})
            assert wire.getresponse().status == 200


def pair(folder: Path) -> tuple[Path, Path]:
    """Certificate of an office for 127.0.0.1, and its key in the older form that other tools write."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "anlan.test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "office.pem", folder / "office.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    return certificate, secret


def test_a_certificate_of_the_office_is_served_to_old_and_new_browsers(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path)
    with site(tmp_path / "home") as one:
        said = one.start("--real", "--tls", "--cert", str(certificate), "--key", str(key))
        # That is told of one that nobody has signed.
        assert "SHA-256" not in said
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = ssl.create_default_context(cafile=str(certificate))
            context.maximum_version = version
            wire = http.client.HTTPSConnection("127.0.0.1", one.port, timeout=10, context=context)
            with contextlib.closing(wire):
                wire.request("GET", "/login/")
                answer = wire.getresponse()
                assert answer.status == 200
                assert "Secure" in (answer.getheader("Set-Cookie") or "")


def test_an_installed_package_serves_everything_from_an_empty_folder(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(installed)
    with site(tmp_path / "home", PYTHONPATH=str(installed)) as one:
        command = [sys.executable, "-m", "anlan", "up", "--real"]
        with one.log.open("wb") as log:
            one.process = subprocess.Popen(command, env=one.environ, cwd=empty, stdout=log, stderr=log)
        wait_for(lambda: "Ctrl-C" in one.said)
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", one.port, timeout=10)) as wire:
            wire.request("GET", "/login/")
            page = wire.getresponse().read().decode()
            parts = set(re.findall(r'"(/static/[^"#]+)', page))
            assert any("tabler" in part for part in parts)
            for part in sorted(parts):
                wire.request("GET", part)
                answer = wire.getresponse()
                assert (answer.status, len(answer.read()) > 100) == (200, True), part
        code = "import anlan; print(anlan.__file__)"
        found = subprocess.run([sys.executable, "-c", code], env=one.environ, cwd=empty, capture_output=True, text=True)
        assert found.stdout.startswith(str(installed))
        assert list(empty.iterdir()) == []


class Browser:
    """Someone at the pages of a site, over one connection."""

    def __init__(self, to: Site) -> None:
        self._wire = http.client.HTTPConnection("127.0.0.1", to.port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def get(self, path: str) -> str:
        """The page; remembers the token of its forms."""
        status, _, page = self._ask("GET", path)
        assert status == 200, (path, status)
        if found := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page):
            self._token = found[1]
        return page

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Sends a form; gives where it leads."""
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self._token} | fields).encode()
        return self._sent(path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, name: str, data: bytes) -> str:
        """Sends a file; gives where it leads."""
        head = (
            f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._token}\r\n'
            f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        )
        return self._sent(path, head.encode() + data + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")

    def _sent(self, path: str, body: bytes, kind: str) -> str:
        status, onward, page = self._ask("POST", path, body, {"Content-Type": kind})
        assert status == 302, (path, status, page[:2_000])
        return onward

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        self._wire.request(method, path, body, (headers or {}) | cookies)
        answer = self._wire.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: one.value for name, one in http.cookies.SimpleCookie(line).items()}
        return answer.status, answer.getheader("Location") or "", page

    def close(self) -> None:
        self._wire.close()


def drop(url: str, database: str) -> None:
    """Takes a database away from the server of the tests."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def test_on_postgresql_a_plan_comes_in_and_goes_out(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        try:
            url = os.environ.get(postgres.VARIABLE) or stack.enter_context(postgres.server())
        except postgres.NoServerError as reason:
            pytest.skip(str(reason))
        database = f"anlan_up_{os.getpid()}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        stack.callback(drop, url, database)
        own = urllib.parse.urlsplit(url)._replace(path=f"/{database}").geturl()
        one = stack.enter_context(site(tmp_path / "home", DATABASE_URL=own))
        one.start()
        assert not (one.home / "anlan.db").exists()
        browser = stack.enter_context(contextlib.closing(Browser(one)))
        browser.get("/login/")
        password = (one.home / "sample-password").read_text().strip()
        assert browser.post("/login/", {"username": "clerk", "password": password}) == "/"
        browser.get("/plans/new/")
        room = browser.upload("/plans/new/", "own.txt", PLAN.encode())
        key = room.split("/")[2]
        assert "建好泵站" in browser.get(room)
        # What is open of it is left as it is.
        done = one.anlan("plan", "waive", key, "--reason", "按原文执行")
        assert done.returncode == 0, done.stderr
        browser.get(f"{room}issue/")
        listed = browser.post(f"{room}issue/", {"on": dt.date.today().isoformat()})  # noqa: DTZ011
        assert f"plan={key}" in listed
        # Three measures, as PLAN says.
        assert all(words in browser.get(listed) for words in ("建好泵站", "清理岸线", "强化宣传"))
        assert one.anlan("journal", "verify").returncode == 0
        with psycopg.connect(own) as connection:
            issued = connection.execute("SELECT state FROM anlan.plan_plan WHERE id = %s", [key]).fetchone()
        assert issued == ("issued",)
        assert one.stop() == 0
