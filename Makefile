# `make train` and `make test` need Python 3.11 or newer, and make; they set up the rest themselves.
# Another Python: make train PYTHON=python3.12. Settings for training: make train ARGS="seed=1".

PYTHON ?= python3
ARGS ?=
VENV := .venv
# made last, so that a set-up that failed halfway is done again
READY := $(VENV)/.ready

LOCK := uv pip compile setup.cfg --quiet --universal --python-version 3.11 --constraint constraints.txt \
	--generate-hashes --no-annotate --no-emit-package torch --custom-compile-command "make lock"

.PHONY: help train serve demo site test lint lock clean
.DEFAULT_GOAL := help

help:
	@echo "make train   set up, then train the small model on real drawings (CPU, no downloads of data)"
	@echo "make serve   set up, then serve the page: draw, say how, get it in color"
	@echo "make demo    set up, then serve the page that colors in the browser by itself; needs Node.js 20 or newer"
	@echo "make site    set up, then write the page as a static site into build/site, for any host of files; needs Node.js 20 or newer"
	@echo "make test    set up, then run the tests"
	@echo "make lint    set up, then check style and the import rules"
	@echo "make lock    make requirements.lock and requirements-serve.lock again, after a change of constraints.txt; needs uv"
	@echo "make clean   remove the environment and the caches; runs/ stays"

train: $(READY)
	$(VENV)/bin/python train.py $(ARGS)

serve: $(READY)
	$(VENV)/bin/pokecolor serve $(ARGS)

demo: $(READY)
	cd web && npm ci && npm run demo
	$(VENV)/bin/python tools/browser_page.py build/demo
	cd web && npm run demo:serve

site: $(READY)
	cd web && npm ci && npm run site
	$(VENV)/bin/python tools/browser_page.py build/site --all

test: $(READY)
	$(VENV)/bin/python -m pytest $(ARGS)

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-cache

lock:
	$(LOCK) --extra dev --output-file requirements.lock
	$(LOCK) --extra serve --output-file requirements-serve.lock

# PyTorch comes last: what it needs is there by then, with the hashes of the lock, but for CUDA's libraries
$(READY): setup.cfg setup.py pyproject.toml constraints.txt requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is missing or older than Python 3.11; name a newer one: make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --require-hashes --no-deps --requirement requirements.lock
	$(VENV)/bin/python -m pip install --constraint constraints.txt torch
	$(VENV)/bin/python -m pip install --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) .cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
