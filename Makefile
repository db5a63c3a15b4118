# `make train` and `make test` need Python 3.11 or newer, and make; they set up the rest themselves.
# Another Python: make train PYTHON=python3.12. Settings for training: make train ARGS="seed=1".

PYTHON ?= python3
ARGS ?=
VENV := .venv
# made last, so that a set-up that failed halfway is done again
READY := $(VENV)/.ready

.PHONY: help train serve test lint clean
.DEFAULT_GOAL := help

help:
	@echo "make train   set up, then train the small model on real drawings (CPU, no downloads of data)"
	@echo "make serve   set up, then serve the page: draw, say how, get it in color"
	@echo "make test    set up, then run the tests"
	@echo "make lint    set up, then check style and the import rules"
	@echo "make clean   remove the environment and the caches; runs/ stays"

train: $(READY)
	$(VENV)/bin/python train.py $(ARGS)

serve: $(READY)
	$(VENV)/bin/pokecolor serve $(ARGS)

test: $(READY)
	$(VENV)/bin/python -m pytest $(ARGS)

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-cache

$(READY): setup.cfg pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is missing or older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
