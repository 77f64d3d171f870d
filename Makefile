# Every target sets up .venv by itself. It requires only make and Python 3.11, 3.12 or 3.13.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
# nbgrader starts alembic by name, and JupyterLab its own commands.
PY := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# uv compiles nothing, so modules are compiled at their first import, once.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo lab check test coverage build site screenshots bench soak lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(READY) ## set up, grade the demo class in the sandbox, and show where the report is
	@sh setup/programs.sh demo
	@$(PY) -m autograder demo 02 03

lab: $(READY) ## open the course in JupyterLab
	@mkdir -p exchange
	@$(PY) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" \
	    --LabApp.default_url="/lab/tree/lessons/README.md?factory=Markdown%20Preview" \
	    $(if $(filter 0,$(shell id -u)),--allow-root)

check: $(READY) ## before each commit: lint, types, and the tests of pure functions, in less than a minute
	@$(PY) -m ruff check --quiet . && $(PY) -m ruff format --quiet --check . && $(PY) -m mypy --no-error-summary
	@$(PY) -m pytest -q -n auto -m "not slow and not soak"

test: $(READY) ## all tests; on Debian and Ubuntu first installs the programs they need, if it has the rights
	@sh setup/programs.sh test
	@$(PY) -m ruff check --quiet .
	@$(PY) -m pytest -q -n auto --no-loadscope-reorder

coverage: $(READY) ## all tests, and which lines of the engine they run; pages in build/coverage/
	@sh setup/programs.sh test
	@$(PY) -m coverage erase
	@$(PY) -m coverage run -m pytest -q -n auto --no-loadscope-reorder $(ARGS)
	@$(PY) -m coverage combine --quiet && $(PY) -m coverage html --quiet && $(PY) -m coverage report --fail-under=95

build: $(READY) ## build lessons/ and solutions/ from source/, only what has changed
	@$(PY) -m autograder build

site: build ## build a website of the lessons and guides in build/site/; SOLUTIONS=1 adds the solved lessons
	@$(PY) docs/site/build.py $(if $(filter-out 0 no,$(SOLUTIONS)),--solutions)

screenshots: $(READY) ## take the screenshots of the guides anew
	@sh setup/programs.sh test
	@RENEW_SCREENSHOTS=1 $(PY) -m pytest -q tests/browser/test_lesson.py tests/test_demo.py::test_the_guides_show_the_report_as_it_is

bench: $(READY) ## run the benchmarks; writes build/bench.json
	@$(PY) -m bench $(ARGS)

soak: $(READY) ## the tests that take very long
	@sh setup/programs.sh test
	@$(PY) -m pytest -q -m soak --ignore=tests/test_soak.py
	@$(PY) -m pytest -q -m soak -n 2 tests/test_soak.py

lock: $(READY) ## pin every dependency again in requirements.lock, from pyproject.toml
	@$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --python-version 3.11 \
	    --extra dev --no-header --no-annotate pyproject.toml -o requirements.lock

clean: ## remove everything that make created: .venv, build/ and caches
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache

# The stamp is written last, so that an interrupted set-up starts again.
$(READY): requirements.lock pyproject.toml
	@sh setup/environment.sh $(VENV) $(PYTHON)
	@touch $@
