"""Old formats (.doc, .wps, RTF, ODT) through LibreOffice: the one place where reading runs a process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Final

from anlan.plan.compiler.reading import limits
from anlan.plan.compiler.reading.source import Unreadable

# One conversion at a time: each takes some 300 MB, and an office server has little.
_LOCK: Final = threading.Lock()


def convert(data: bytes, suffix: str, kind: str, seconds: float = limits.CONVERSION_SECONDS) -> bytes:
    """The same document as .docx. `suffix` tells LibreOffice what it gets, `kind` names it in messages.

    Unreadable if LibreOffice is not installed, does not manage the file or takes longer than `seconds`. A
    fresh profile each time: no macros, no extensions, nothing shared between files.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Unreadable("needs_office", format=kind)
    with _LOCK, tempfile.TemporaryDirectory(prefix="anlan-reading-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"document.{suffix}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(source),
        ]
        _run(command, folder, kind, seconds)
        try:
            return (folder / "out" / "document.docx").read_bytes()
        except OSError as error:
            raise Unreadable("conversion_failed", format=kind) from error


def _run(command: list[str], folder: Path, kind: str, seconds: float) -> None:
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise Unreadable("conversion_failed", format=kind) from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise Unreadable("conversion_slow", format=kind, seconds=f"{seconds:g}") from error
    finally:
        # soffice is a script that starts the real program: the whole group must end, not only the script.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
