"""Speed of the plan compiler: time per 1,000 characters, growth, peak memory, and general recognisers beside it.

    python -m benchmarks.plan_speed [--largest BYTES] [--peers PYTHON]

Times are CPU seconds of one core, the best of several runs, from decoded text to the plan with its diagnostics.
Growth is measured on the pack's plan repeated with its items numbered on; bytes are those of UTF-8. With `--peers`
the interpreter named there, which has recognizers-text-suite, jionlp or cn2an installed, reads the pack's plan too.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from anlan.plan.compiler.compile import compile_text
from anlan.plan.compiler.model import Plan, Span
from benchmarks import plan_peers

ROOT = Path(__file__).resolve().parents[1]
PACK_PLAN = ROOT / "packs/changjiang/plan.txt"
FOLDERS = (ROOT.parent / "shared/corpus/plans", *sorted((ROOT / "tests/plans").glob("[a-z]")))
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
GOAL_MS, GOAL_SECONDS = 5.0, 2.0

# Quantities that the pack's plan commits to and the dates it sets, read by a person: the words before and the figure
# with its unit. Five further figures name facts (近三年, 2021年, 第二轮, 三年行动计划, the plan's own 2022年); they
# count neither as right nor as false, whoever finds them.
WANTED = (
    ("发布日期: ", "2022-05-06"),
    ("请于", "2022年4月19日前"),
    ("设计处理能力为", "720吨/天"),
    ("DN300mm的污水干管", "14550米"),
    ("DN220的污水支管", "11640米"),
    ("DN110mm的入户管", "14550米"),
    ("污水检查井", "731座"),
    ("人工湿地面积", "720m2"),
    ("AO一体化设备容积", "360m3"),
    ("调节池容积", "360m3"),
    ("场站基础设施占地", "2160m2"),
    ("安装小型一体化设备", "52座"),
    ("供联户或单户使用。", "2022年9月底前"),
    ("全年营造林", "6.05万亩"),
    ("占GDP的比重保持", "2%以上"),
)
NEITHER = ("近三年", "2021年", "第二轮", "三年行动计划", "2022年")


def seconds(text: str, least: float = 0.3) -> float:
    """CPU seconds to compile a text: the best of at least three runs, more while they are short."""
    times: list[float] = []
    while len(times) < 3 or (sum(times) < least and len(times) < 20):
        start = time.process_time()
        compile_text(text)
        times.append(time.process_time() - start)
    return min(times)


def peak(text: str) -> int:
    """Bytes of Python objects at the peak of compiling a text, beyond the text itself."""
    tracemalloc.start()
    compile_text(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def lengthened(plan: str, size: int) -> str:
    """Document of `size` bytes of UTF-8: the plan's chapters again and again, their items numbered on up to 999."""
    numbers: Iterator[int] = itertools.cycle(range(1, 1000))
    body = plan[plan.index("一、") :]
    parts, length = [plan[: plan.index("一、")]], len(plan[: plan.index("一、")].encode())
    while length < size:
        parts.append(re.sub(r"(?m)^\d{1,3}(?=\.)", lambda _: str(next(numbers)), body))
        length += len(parts[-1].encode())
    return "".join(parts).encode()[:size].decode("utf-8", "ignore")


def per_document(paths: Iterable[Path]) -> None:
    """Prints milliseconds per 1,000 characters of the slowest documents and of all together."""
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    times = {path: seconds(text, 0.05) for path, text in texts.items()}
    rates = {path: times[path] * 1e6 / len(texts[path]) for path in texts}
    total = sum(times.values()) * 1e6 / sum(map(len, texts.values()))
    print(f"\nms per 1,000 characters (goal: under {GOAL_MS:g}), {len(texts)} documents")
    for path in sorted(rates, key=lambda p: -rates[p])[:5]:
        print(f"  {f'{path.parent.name}/{path.name}':46}{len(texts[path]):8,} characters{rates[path]:8.2f}")
    print(f"  {'all together':46}{sum(map(len, texts.values())):8,} characters{total:8.2f}")
    print(f"  {'the pack plan':46}{len(texts[PACK_PLAN]):8,} characters{rates[PACK_PLAN]:8.2f}")


def growth(largest: int) -> None:
    """Prints time and peak memory of documents of rising length."""
    plan = PACK_PLAN.read_text(encoding="utf-8")
    print(f"\ngrowth (goal: 1 MB under {GOAL_SECONDS:g} s)")
    print(f"  {'bytes':>12}{'characters':>12}{'measures':>10}{'seconds':>10}{'µs/char':>9}{'peak MB':>9}")
    for size in (s for s in SIZES if s <= largest):
        text = lengthened(plan, size)
        start = time.process_time()
        count = len(compile_text(text).measures)
        took = time.process_time() - start
        # What is traced is slow: the longest are timed once and not traced.
        short = size <= 1_000_000
        took = min(took, seconds(text)) if short else took
        memory = f"{peak(text) / 1e6:9.1f}" if short else f"{'–':>9}"
        print(f"  {size:12,}{len(text):12,}{count:10,}{took:10.3f}{took * 1e6 / len(text):9.2f}{memory}")


def places(text: str) -> list[Span]:
    """Where the wanted figures stand in the pack's plan. ValueError where the plan does not print one."""
    found = []
    for before, figure in WANTED:
        start = text.index(before + figure) + len(before)
        found.append(Span(start, start + len(figure)))
    return found


def tally(text: str, hits: Sequence[Span]) -> tuple[int, int]:
    """How many wanted figures the hits find, number and unit, and how many hits are false.

    A hit finds a figure if it covers it, comparator words at its ends aside.
    """
    wanted = places(text)
    cores = [
        Span(s.start, s.end - len(re.sub(r"^.*?((?:以上|底前|前)?)$", r"\1", text[s.start : s.end]))) for s in wanted
    ]
    right = sum(any(h.start <= core.start and core.end <= h.end for h in hits) for core in cores)
    false = 0
    for hit in hits:
        if any(hit.start < w.end and w.start < hit.end for w in wanted):
            continue
        false += not any(text.find(fact, max(0, hit.start - 6), hit.end + 6) >= 0 for fact in NEITHER)
    return right, false


def fields(plan: Plan) -> list[Span]:
    """Places of our targets, deadlines and the notice's dates."""
    spans = [target.span for m in plan.measures for target in m.targets]
    spans += [deadline.span for m in plan.measures for deadline in m.deadlines]
    if plan.notice:
        spans += [span for span in (plan.notice.published_span, plan.notice.due_span) if span]
    return spans


def beside(peers: str | None) -> None:
    """Prints what the compiler and general recognisers find in the pack's plan, and how long they take."""
    text = PACK_PLAN.read_text(encoding="utf-8")
    print(f"\nquantities and dates of the pack plan ({len(WANTED)}), with number and unit")
    print(f"  {'':22}{'found':>8}{'false':>8}{'ms':>8}")
    plan = compile_text(text)
    right, false = tally(text, fields(plan))
    print(f"  {'anlan, whole plan':22}{right:8}{false:8}{seconds(text) * 1e3:8.0f}")
    command = [peers or sys.executable, plan_peers.__file__]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        print(f"  the recognisers did not run: {done.stderr.decode(errors='replace').strip()[-200:]}")
        return
    results: dict[str, dict[str, Any]] = json.loads(done.stdout)
    for name, result in results.items():
        if "missing" in result:
            print(f"  {name:22}  not installed")
            continue
        right, false = tally(text, [Span(*hit) for hit in result["hits"]])
        counts = f"{right:8}{false:8}" if result["hits"] else f"{'–':>8}{'–':>8}"
        print(f"  {name:22}{counts}{result['seconds'] * 1e3:8.0f}")


def main() -> int:
    """Prints the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="bytes of the longest document")
    parser.add_argument("--peers", help="interpreter that has the general recognisers installed")
    asked = parser.parse_args()
    per_document([PACK_PLAN, *(path for folder in FOLDERS for path in sorted(folder.glob("*.txt")))])
    growth(asked.largest)
    beside(asked.peers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
