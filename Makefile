# Needs Python 3.11+, git and make; everything is installed into .venv, nothing outside this folder.
#   make demo    install newsgraph and show what it does with the sample articles
#   make test    the quick tests                make test ARGS="-k identity"
#   make test SPARK=1 those on Spark, too; needs a JDK, and installs pyspark (more than 400 MB)
#   make test ALL=1   all tests, those on a real Neo4j, in a browser, and with other tools too; CI runs them
#   make check   style, types, layers, and all tests with branch coverage
#   make docs    the site of the documents      make pictures   what in docs/ is drawn from the code
#   make bench   the figures                    make fuzz   the property tests with 20 times the examples
#   make format  format the code                make clean  remove .venv and what tools left behind
#   make lock    choose the newest allowed version of every package for .github/requirements.lock
# Another interpreter: make test PYTHON=python3.13       Another number of processes: make test JOBS=4

PYTHON ?= python3
ARGS ?=
SPARK ?=
# Continuous integration runs all tests.
ALL ?= $(filter-out 0 false,$(CI))
QUICK := $(if $(ALL),,-m "not slow")
# The quick tests try a tenth of the examples.
EXAMPLES := $(if $(ALL),,FUZZ_TIMES=0.1)
JOBS ?= logical
TEST = $(BIN)/python -m pytest --numprocesses $(JOBS)
FUZZ_TIMES ?= 20
# Benchmarks that want a folder of labelled headlines: make bench DATA=FOLDER
LABELLED := bench/events.py bench/headlines.py bench/recipe.py bench/updates.py
BIN := .venv/bin
LOCK := .github/requirements.lock
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
SOURCES := $(shell find newsgraph -type f ! -name '*.pyc' ! -name '.*' 2>/dev/null)

# Tests start hundreds of commands; each would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format docs pictures bench fuzz lock clean

# A virtual environment remembers where it was made; in a checkout that was moved or copied it is made anew.
MOVED := $(shell [ ! -e .venv/.place ] || [ "$$(cat .venv/.place)" = "$$(pwd)" ] || rm -rf .venv)

help:
	@sed -n 's/^#   //p' Makefile

demo: .venv/.installed
	@$(BIN)/python -m newsgraph demo

test: .venv/.developer $(if $(SPARK),.venv/.spark)
	@$(EXAMPLES) SPARK=$(SPARK) $(TEST) $(QUICK) $(ARGS)

check: lint
	@$(TEST) --cov --cov-branch --cov-report=term:skip-covered $(ARGS)

lint: .venv/.developer
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/python -m ruff format --check --quiet . || { echo "Not formatted as ruff would: make format"; exit 1; }
	@$(BIN)/python -m mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo --no-cache > .venv/layers.txt || { cat .venv/layers.txt; exit 1; }
	@echo "Style, types and layers are in order."

format: .venv/.developer
	@$(BIN)/python -m ruff check --quiet --fix .
	@$(BIN)/python -m ruff format --quiet .

docs: .venv/.developer
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --site-dir site
	@echo "Open site/index.html."

pictures: .venv/.developer
	@$(BIN)/python docs/scripts/draw_rooms.py
	@$(BIN)/python docs/scripts/list_moves.py

bench: .venv/.bench
	@for script in $(filter-out $(LABELLED),$(wildcard bench/[a-z]*.py)); do \
	echo; echo "== $$script"; $(BIN)/python "$$script" $(ARGS) || exit 1; done
	@[ -z "$(DATA)" ] || for script in $(LABELLED); do \
	echo; echo "== $$script"; $(BIN)/python "$$script" "$(DATA)" || exit 1; done

fuzz: .venv/.developer
	@FUZZ_TIMES=$(FUZZ_TIMES) $(TEST) -m "hypothesis or fuzz" $(ARGS)

lock: $(BIN)/python
	@$(PIP) 'uv>=0.8'
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/python -m uv pip compile pyproject.toml --quiet --upgrade --extra dev \
	  --extra bench --universal --python-version 3.11 --generate-hashes --no-emit-index-url --output-file $(LOCK) >/dev/null

clean:
	@rm -rf .venv build dist site demo .cache .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "newsgraph needs Python 3.11 or newer; $(PYTHON) is not. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv --clear .venv \
	  || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

# An editable install serves the demo as well, so the two never replace each other.
.venv/.installed: $(BIN)/python pyproject.toml $(SOURCES)
	@if [ -e .venv/.developer ]; then $(MAKE) --no-print-directory .venv/.developer; \
	  else echo "Installing newsgraph into .venv ..."; $(PIP) .; fi
	@pwd > .venv/.place
	@touch $@

.venv/.developer: $(BIN)/python pyproject.toml
	@echo "Installing newsgraph and its developers' tools into .venv ..."
	@$(PIP) --editable '.[dev]'
	@pwd > .venv/.place
	@touch $@

.venv/.spark: .venv/.developer
	@$(PIP) --editable '.[dev,spark]'
	@touch $@

.venv/.bench: .venv/.developer
	@$(PIP) --editable '.[dev,bench]'
	@touch $@
