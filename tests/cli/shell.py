"""The command as it is typed, in this process and in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anlan.cli import main

# A plan small enough to work out by hand what it holds. Its only error: opinions due before publication.
PLAN = """关于征求《清源区2023年河湖工作要点》意见的公告

发布日期: 2023-05-06

请于2023年4月19日前反馈意见。

清源区2023年河湖工作要点

一、治理污染

1.建好泵站。新建泵站12座，2023年9月底前完工。（牵头单位：区水务局；责任单位：区住建局、各乡镇；配合单位：区财政局）

2.清理岸线。清退违建3处。（区林业局负责）

二、保障落实

3.强化宣传。利用各类媒体开展宣传。
"""


class Shell:
    """Runs the command in this process with given bytes on standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        self._monkeypatch = monkeypatch
        self._captured = capsysbinary

    def __call__(self, *argv: str | Path, given: bytes = b"") -> tuple[int, str, str]:
        status, out, err = self.bytes(*argv, given=given)
        return status, out.decode(), err

    def bytes(self, *argv: str | Path, given: bytes = b"") -> tuple[int, bytes, str]:
        """The same with standard output as bytes."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="ascii"))
        status = main([str(part) for part in argv])
        captured = self._captured.readouterr()
        return status, captured.out, captured.err.decode()


def command(
    *argv: str | Path, given: bytes = b"", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Result of the installed command in a process of its own."""
    anlan = Path(sys.executable).with_name("anlan")
    known = {key: value for key, value in os.environ.items() if not key.startswith(("ANLAN_", "COLUMNS"))}
    return subprocess.run(
        [anlan, *map(str, argv)], input=given, capture_output=True, check=False, cwd=cwd, env=known | environment
    )
