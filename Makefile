# Two commands: `make up` shows the product, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PLAN ?= packs/changjiang/plan.txt

.PHONY: up test lock clean

up: $(VENV)/.ready
	@$(BIN)/anlan compile "$(PLAN)"

test: $(VENV)/.ready
	@sh tests/run.sh $(BIN)

# uv is used when the machine has it, because it is faster; pip gives the same environment from the same hashes.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Anlan needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Try: make up PYTHON=python3.12"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV) && \
	  VIRTUAL_ENV=$(VENV) uv pip sync --quiet --require-hashes requirements.lock && \
	  VIRTUAL_ENV=$(VENV) uv pip install --quiet --no-deps --no-build-isolation -e . ; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

# Resolves anew; the lock holds names, versions and hashes, and no index.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --quiet -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
