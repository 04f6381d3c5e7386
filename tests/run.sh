#!/bin/sh
# Every check in order; the first that fails ends the run. Usage: tests/run.sh BIN, the folder of the tools.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."

step() {
  printf '\n== %s\n' "$1"
  shift
  "$@"
}

step "format" "$bin/ruff" format --check .
step "lint" "$bin/ruff" check .
step "types" "$bin/mypy"
step "arrows between rooms" "$bin/lint-imports" --no-logo
step "tests, with SQLite" "$bin/python" -m pytest -q -n 2 --ignore tests/walkthrough
# The same tests of the stores once more, on a server that is made for them (or ANLAN_TEST_DATABASE_URL).
step "database tests on PostgreSQL" "$bin/python" -m tests.postgres -- \
  "$bin/python" -m pytest -q -n 2 -m django_db --ignore tests/walkthrough
step "walkthrough in a browser" "$bin/python" -m pytest -q -n 2 --dist loadfile tests/walkthrough
step "fuzz, 60 s" "$bin/python" -m tests.fuzz.run --seconds 60
step "fuzz of frames, 60 s" "$bin/python" -m tests.fuzz.frames --seconds 60
step "gateway under load, short" "$bin/python" -m benchmarks.gateway --short
step "soak, 60 s" "$bin/python" -m tests.soak.run --seconds 60
