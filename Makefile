# Two commands: `make site` builds the site into site/, `make test` runs the tests that one runs after each change.
# Both set up a virtual environment in .venv/ first, from lock files with hashes; nothing outside the folder changes.

PYTHON ?= python3
SHELL := /bin/bash
BIN := .venv/bin

.PHONY: site test test-all preview check lint types audit bench bench-peers lock clean

site: .venv/.site
	@$(BIN)/python build.py

preview: .venv/.site
	@$(BIN)/python build.py preview --open

check: .venv/.site
	@$(BIN)/python build.py check

# Plugins are named, not discovered: whatever else is installed cannot slow the suite down or change it.
PYTEST = PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(BIN)/python -m pytest -p xdist.plugin -p _hypothesis_pytestplugin -n auto --dist worksteal -q

# Within three minutes on two cores: the nearest tests of every room.
test: .venv/.test
	@$(PYTEST) -m "not slow" $(ARGS)

# Those and what is slow by its nature, some twenty minutes; with ARGS=--long for hours.
test-all: .venv/.test
	@$(PYTEST) $(ARGS)

lint: .venv/.test
	@$(BIN)/ruff check && $(BIN)/ruff format --check

types: .venv/.test
	@$(BIN)/mypy

# Known vulnerabilities of what the lock files pin; passes, and says so, where nobody can be asked.
audit: .venv/.test
	@$(BIN)/python -m tests.audit

bench: .venv/.test
	@$(BIN)/python -m tests.benchmarks $(ARGS)

# The same articles built by five other programs, which it installs into .cache/peers/; needs npm.
bench-peers: .venv/.test
	@$(BIN)/python -m tests.benchmarks.peers $(ARGS)

.venv/.site: requirements.lock
	@$(call install,requirements.lock)
	@touch $@

.venv/.test: requirements-dev.lock
	@$(call install,requirements-dev.lock)
	@touch $@ .venv/.site

# uv where it is installed (seconds), otherwise Python's own venv and pip.
define install
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || { echo "Randnotiz needs Python 3.11 or newer; set it with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 3; }; \
echo "setting up .venv from $(1) …" >&2; \
if command -v uv >/dev/null 2>&1; then \
  { [ -x $(BIN)/python ] || UV_PYTHON_DOWNLOADS=never uv venv -q --python $(PYTHON) .venv; } \
  && uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes --only-binary :all: -r $(1); \
else \
  { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv >/dev/null 2>&1 \
    || { rm -rf .venv; echo "Python cannot make virtual environments here; on Debian or Ubuntu: apt install python3-venv" >&2; exit 3; }; } \
  && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r $(1); \
fi
endef

# After a change of the dependencies in pyproject.toml; needs uv.
lock:
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --no-annotate --group checkout pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --no-annotate --group checkout --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:
	@rm -rf .cache .venv site/* site/.written
