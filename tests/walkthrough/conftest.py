"""The product in a real browser: one installation for the whole walk, a window for everyone who needs one.

ANLAN_TEST_BROWSER names the browser (Chromium is looked for), ANLAN_TEST_SHOTS a folder for pictures of all pages.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.walkthrough import installation
from tests.walkthrough.browser import AXE, WIDE, Visitor
from tests.walkthrough.installation import Installation
from tests.walkthrough.people import Accounts

Open = Callable[..., Visitor]
# Nothing of the browser's own may call out, or the test for such calls would see ghosts; root needs no sandbox.
_FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure() -> None:
    """A run that is told to stop stops what it started, as after Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Running installation with the sample data."""
    made = installation.found(tmp_path_factory.mktemp("site"))
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def accounts(site: Installation) -> Accounts:
    """Sample accounts of the installation."""
    return Accounts.of(site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine. A machine without one fails: a walk that nobody takes proves nothing."""
    program = os.environ.get("ANLAN_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.fail("no Chromium on this machine: install the system package chromium, or set ANLAN_TEST_BROWSER")
    if not AXE.is_file():
        pytest.fail("axe-core is not in node_modules: run `python -m anlan.web.parts`")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """Folder for the pictures, if one is wanted."""
    wanted = os.environ.get("ANLAN_TEST_SHOTS")
    if not wanted:
        return None
    folder = Path(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def open_window(browser: Browser, site: Installation, accounts: Accounts, shots: Path | None) -> Iterator[Open]:
    """Opens a window: `open_window("clerk")` signed in, `open_window()` as a stranger; `size` of the window, `at`."""
    opened: list[Visitor] = []

    def window(role: str = "", size: tuple[int, int] = WIDE, at: Installation | None = None) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            has_touch=size[0] < 800,
        )
        # An office PC is slow, a page that takes ten seconds is broken.
        context.set_default_timeout(20_000)
        visitor = Visitor(context, at or site, shots)
        opened.append(visitor)
        if role:
            accounts.sign_in(visitor, role)
        return visitor

    yield window
    wrong = [fault for visitor in opened for fault in (*visitor.wrong, *visitor.faults)]
    for visitor in opened:
        visitor.context.close()
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
