"""What general recognisers find in a text: for plan_speed only, run by an interpreter that has them installed.

Reads a text on stdin and writes JSON: {name: {"seconds": best of three, "hits": [[start, end], …]}}, or
{name: {"missing": reason}}. Imports nothing of ours, so that it runs anywhere; the first run, which loads tables
and models, is not counted. cn2an rewrites a text instead of finding places: it has a time and no hits.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

Recogniser = Callable[[str], list[list[int]]]


def recognizers_text() -> Recogniser:
    """Microsoft's Recognizers-Text, Chinese: quantities with a dimension, percentages, dates and times."""
    suite: Any = importlib.import_module("recognizers_suite")
    chinese = suite.Culture.Chinese
    recognise = (suite.recognize_dimension, suite.recognize_percentage, suite.recognize_datetime)
    return lambda text: [[hit.start, hit.end + 1] for one in recognise for hit in one(text, chinese)]


def jionlp() -> Recogniser:
    """JioNLP: times and sums of money."""
    ner: Any = importlib.import_module("jionlp").ner

    def find(text: str) -> list[list[int]]:
        times = ner.extract_time(text, time_base=time.time(), with_parsing=False)
        money = ner.extract_money(text, with_parsing=False)
        return [list(hit["offset"]) for hit in (*times, *money)]

    return find


def cn2an() -> Recogniser:
    """cn2an: rewrites Chinese numerals in a text as digits."""
    transform: Any = importlib.import_module("cn2an").transform

    def rewrite(text: str) -> list[list[int]]:
        transform(text, "cn2an")
        return []

    return rewrite


def measured(load: Callable[[], Recogniser], text: str) -> dict[str, Any]:
    """Hits of a recogniser, each once, and the best of three times; the reason where it is not installed."""
    try:
        recognise = load()
        hits = recognise(text)
    except ImportError as error:
        return {"missing": str(error)}
    times = []
    for _ in range(3):
        start = time.process_time()
        recognise(text)
        times.append(time.process_time() - start)
    return {"seconds": min(times), "hits": sorted([start, end] for start, end in {tuple(hit) for hit in hits})}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    given = sys.stdin.buffer.read().decode("utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        results = {load.__name__: measured(load, given) for load in (recognizers_text, jionlp, cn2an)}
    json.dump(results, sys.stdout)
