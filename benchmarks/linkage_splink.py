"""Splink on a ledger: for benchmarks.linkage only, run by an interpreter that has splink and pandas installed.

Reads JSON on stdin, {"rows": [{...}], "fields": "raw" | "read"}, and writes {"seconds", "megabytes", "pairs": [[a, b,
probability]]}, or {"missing": reason}. Imports nothing of ours. "raw" has the cells of the ledger, "read" the fields
as our reader understood them, so that only the comparing and combining differ.
"""

from __future__ import annotations

import importlib
import json
import logging
import resource
import sys
import time
from typing import Any


def linked(rows: list[dict[str, Any]], fields: str) -> list[list[Any]]:
    """Pairs from a probability of 0.05 up: a full model, u by sampling, m by expectation maximisation."""
    splink: Any = importlib.import_module("splink")
    cl: Any = importlib.import_module("splink.comparison_library")
    pandas: Any = importlib.import_module("pandas")
    logging.getLogger("splink").setLevel(logging.ERROR)
    block_on = splink.block_on
    if fields == "raw":
        comparisons = [
            cl.JaroWinklerAtThresholds("place", [0.95, 0.85]),
            cl.JaccardAtThresholds("description", [0.8, 0.6, 0.45]),
            cl.ExactMatch("source"),
            cl.ExactMatch("month"),
            cl.LevenshteinAtThresholds("deadline", [1, 3]),
            cl.ExactMatch("amount").configure(term_frequency_adjustments=True),
        ]
        blocking = [block_on("substr(place, -3)"), block_on("amount", "month"), block_on("substr(description, 1, 8)")]
        train = [block_on("amount", "month"), block_on("substr(place, -3)")]
    else:
        comparisons = [
            cl.JaroWinklerAtThresholds("tail", [0.9]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("county"),
            cl.ExactMatch("kind"),
            cl.ExactMatch("amount").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("company", [0.85]),
            cl.ExactMatch("water"),
            cl.ExactMatch("month"),
            cl.ExactMatch("deadline"),
            cl.JaccardAtThresholds("description", [0.8, 0.6, 0.45]),
        ]
        blocking = [block_on("tail"), block_on("amount", "county"), block_on("company", "county")]
        train = [block_on("tail"), block_on("amount", "month")]
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocking,
    )
    frame = pandas.DataFrame(rows)
    api = splink.DuckDBAPI()
    linker = splink.Linker(api.register(frame), settings)
    linker.training.estimate_probability_two_random_records_match([blocking[0]], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in train:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.05).as_pandas_dataframe()
    return [[a, b, float(p)] for a, b, p in zip(found["id_l"], found["id_r"], found["match_probability"], strict=True)]


def main() -> None:
    """Reads the ledger on stdin, writes the answer on stdout."""
    asked = json.load(sys.stdin)
    start = time.perf_counter()
    try:
        pairs = linked(asked["rows"], asked["fields"])
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "pairs": pairs}))


if __name__ == "__main__":
    main()
