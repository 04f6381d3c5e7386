"""Fuzz run of the plan compiler: damaged plans must compile, keep the promise, and not hang.

    python -m tests.fuzz.run --seconds 60 [--seed N] [--case K]

The same seed gives the same cases in the same order; how many of them a run gets to is a matter of time. A case that
fails is made smaller and written to a file. Exit status 1 on failure.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.fuzz import adversaries, mutations
from tests.plan.compiler import invariants

ROOT = Path(__file__).resolve().parents[2]
# CPU seconds for one case of at most 100 kB, which is compiled twice. Ordinary text of that size takes 0.2.
HANG = 20.0
_MOST_FAULTS = 5


class HangError(Exception):
    """A case took longer than any text of its size may."""


@contextmanager
def watched(seconds: float = HANG) -> Iterator[None]:
    """Stops what is done inside after so much CPU time, a regular expression under way included."""

    def stop(*_: object) -> None:
        raise HangError(f"more than {seconds:g} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def documents() -> list[str]:
    """Plans to damage, in a fixed order: the pack's, the tests' and, where it is there, the open corpus."""
    paths = [ROOT / "packs/changjiang/plan.txt", *sorted((ROOT / "tests/plans/a").glob("*.txt"))]
    paths += sorted((ROOT.parent / "shared/corpus/plans").glob("*.txt"))
    return [path.read_text(encoding="utf-8") for path in paths]


def case(seed: int, number: int, plans: list[str]) -> str:
    """Text of a case, by seed and number alone."""
    random = Random(f"{seed}/{number}")
    if number % 40 == 39:
        return adversaries.text(random.choice(adversaries.NAMES), random.choice((1_000, 33_000)))
    return mutations.mutate(random.choice(plans), random)


def fault(text: str) -> str | None:
    """What goes wrong with a text, None where nothing does; the first line is the kind of fault."""
    try:
        with watched():
            found = invariants.broken(text)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the finding)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = "" if isinstance(error, HangError) else f" in {Path(frame.filename).name}:{frame.name}"
        return f"{type(error).__name__}{place}: {error}\n{traceback.format_exc()}"
    return "\n".join(found) if found else None


def kind(said: str) -> str:
    """Kind of a fault: its first line without figures and quotations, by which two cases count as one."""
    return re.sub(r"""'[^']*'|"[^"]*"|\d+""", "…", said.partition("\n")[0])


def smaller(text: str, still: Callable[[str], bool], seconds: float = 20.0) -> str:
    """Shorter text that `still` shows the fault: stretches are left out as long as time allows."""
    end = time.process_time() + seconds
    size = len(text) // 2
    while size and time.process_time() < end:
        start, shrunk = 0, False
        while start < len(text) and time.process_time() < end:
            shorter = text[:start] + text[start + size :]
            if still(shorter):
                text, shrunk = shorter, True
            else:
                start += size
        size = min(size, len(text)) if shrunk and size == 1 else size // 2
    return text


def report(seed: int, number: int, text: str, said: str, folder: Path) -> None:
    """Prints a failure with its smallest case, written to a file."""
    same = kind(said)
    shortest = smaller(text, lambda shorter: (now := fault(shorter)) is not None and kind(now) == same)
    path = folder / f"seed-{seed}-case-{number}.txt"
    path.write_bytes(shortest.encode("utf-8", "surrogatepass"))
    print(f"FAILED seed {seed} case {number}: {len(shortest)} characters in {path}")
    print("  " + (fault(shortest) or said).rstrip().replace("\n", "\n  "))


def main(arguments: list[str] | None = None) -> int:
    """Runs until time is up or enough kinds of faults were found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long to run")
    parser.add_argument("--seed", type=int, default=0, help="which cases to run")
    parser.add_argument("--case", type=int, help="run only the case of this number")
    asked = parser.parse_args(arguments)
    plans = documents()
    started = time.monotonic()
    numbers = iter(range(10**9)) if asked.case is None else iter([asked.case])
    kinds: set[str] = set()
    count = characters = 0
    slowest, slowest_case = 0.0, 0
    folder: Path | None = None
    for number in numbers:
        if time.monotonic() - started > asked.seconds or len(kinds) >= _MOST_FAULTS:
            break
        text = case(asked.seed, number, plans)
        before = time.process_time()
        said = fault(text)
        took = (time.process_time() - before) * 1e6 / max(len(text), 2000)
        if took > slowest:
            slowest, slowest_case = took, number
        count, characters = count + 1, characters + len(text)
        if said and kind(said) not in kinds:
            kinds.add(kind(said))
            folder = folder or Path(tempfile.mkdtemp(prefix="anlan-fuzz-"))
            report(asked.seed, number, text, said, folder)
    result = f"{len(kinds)} kinds of faults" if kinds else "no fault"
    passed = time.monotonic() - started
    print(
        f"fuzz: seed {asked.seed}, {count} cases, {characters:,} characters, {passed:.0f} s, {result}; "
        f"slowest case {slowest_case}: {slowest:.0f} µs per character, compiled twice and checked"
    )
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
