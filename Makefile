# Every target sets up .venv by itself. All it takes is make and Python 3.11, 3.12 or 3.13.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
# nbgrader starts alembic by name, and JupyterLab its own commands.
PY := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo lab test build site bench soak lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: build ## set up, build, grade the demo class, and say where its report lies
	@$(PY) -m autograder.demo

lab: $(READY) ## open the course in JupyterLab
	@mkdir -p exchange
	@$(PY) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" \
	    --LabApp.default_url="/lab/tree/lessons/README.md?factory=Markdown%20Preview" \
	    $(if $(filter 0,$(shell id -u)),--allow-root)

test: $(READY) ## all tests; on Debian and Ubuntu first installs the programs they need, where it may
	@sh tests/system_tools.sh
	@$(PY) -m ruff check --quiet .
	@$(PY) -m pytest -q -n 2 --dist loadfile

build: $(READY) ## make lessons/ and solutions/ from source/, only what is stale
	@$(PY) -m autograder.build

site: build ## the lessons and guides as a website in build/site/; SOLUTIONS=1 adds the solved lessons
	@$(PY) docs/site/build.py $(if $(filter-out 0 no,$(SOLUTIONS)),--solutions)

bench: $(READY) ## the side-by-side benchmarks; leaves build/bench.json
	@$(PY) -m bench $(ARGS)

soak: $(READY) ## the tests that run for very long
	@sh tests/system_tools.sh
	@$(PY) -m pytest -q -m soak --ignore=tests/test_soak.py
	@$(PY) -m pytest -q -m soak -n 2 --dist load tests/test_soak.py

lock: $(READY) ## pin every dependency anew in requirements.lock, from pyproject.toml
	@$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
	    --extra dev --no-header --no-annotate pyproject.toml -o requirements.lock

clean: ## remove all that make made: .venv, build/ and caches
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache

# The stamp comes last, so that a set-up that was cut short is taken up again.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	    echo "vaelab needs Python 3.11, 3.12 or 3.13, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 | tail -n 1)." >&2; \
	    echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
	    echo "Could not make $(VENV). On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV); the first time takes some minutes ..."
	@$(PY) -m pip install -qq --requirement requirements.lock
	@$(PY) -m pip install -qq --no-deps --editable .
	@touch $@
