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

# What uses one core only runs beside its like; the output comes when both have ended, in order.
aside=$(mktemp -d)
trap 'rm -rf "$aside"' EXIT
begun=0
begin() {
  begun=$((begun + 1))
  printf '\n== %s\n' "$1" >"$aside/$begun.log"
  shift
  "$@" >>"$aside/$begun.log" 2>&1 &
  echo $! >"$aside/$begun.pid"
}
collect() {
  wrong=0
  for n in $(seq "$begun"); do
    wait "$(cat "$aside/$n.pid")" || wrong=1
    cat "$aside/$n.log"
  done
  begun=0
  return "$wrong"
}

step "format" "$bin/ruff" format --check .
step "lint" "$bin/ruff" check .
begin "types" "$bin/mypy"
begin "arrows between rooms" "$bin/lint-imports" --no-logo
begin "fuzz, 60 s" "$bin/python" -m tests.fuzz.run --seconds 60
begin "fuzz of frames, 60 s" "$bin/python" -m tests.fuzz.frames --seconds 60
collect
# Three at once on two cores: many of these wait for programs that they start.
step "tests, with SQLite" "$bin/python" -m pytest -q -n 3 --dist worksteal --ignore tests/walkthrough
# The same tests of the stores once more, on a server that is made for them (or ANLAN_TEST_DATABASE_URL).
step "database tests on PostgreSQL" "$bin/python" -m tests.postgres -- \
  "$bin/python" -m pytest -q -n 3 -m django_db --ignore tests/walkthrough
step "walkthrough in a browser" "$bin/python" -m pytest -q -n 2 --dist loadfile tests/walkthrough
begin "soak, 60 s" "$bin/python" -m tests.soak.run --seconds 60
begin "gateway under load, short" "$bin/python" -m benchmarks.gateway --short
collect
