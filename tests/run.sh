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
step "tests" "$bin/python" -m pytest -q -n 2
if [ -f tests/fuzz/run.py ]; then
  step "fuzz, 60 s" "$bin/python" -m tests.fuzz.run --seconds 60
fi
