# `make` alone lists what there is. Nothing needs to be set up first.

PYTHON ?= python3
BIN := .venv/bin
SITE := _build/html
SOURCES := $(shell find book rnnlib _config.yml _toc.yml -type f -not -path '*/.*' -not -name '*.pyc')

# One thread: matrices this small gain nothing from more, and two busy processes lose a lot.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PYTHONHASHSEED := 0

# Two browsers at a time, each with its own pages. What fails is asked once more, and listed as R.
BROWSERS := --numprocesses 2 --dist loadgroup --reruns 1

# `make test` runs every check, and fails at the end if one did.
MAKEFLAGS += --keep-going --no-print-directory

.PHONY: help book test lint unit mutants chapters pages jupyter browser test-torch bench lab live outputs clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

book: $(SITE)/.complete ## Run every chapter and build the site
	@echo "Open file://$(CURDIR)/$(SITE)/index.html"

test: lint unit mutants chapters pages jupyter ## Run every check
	@echo "Every check passed."

lint: .venv/.complete ## Check style, and the mistakes that a machine can see
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

unit: .venv/.complete ## Run the unit tests and the examples in docstrings
	$(BIN)/pytest --numprocesses 2

mutants: .venv/.complete ## Plant mistakes in rnnlib, and see that the unit tests see them
	$(BIN)/python tests/mutants/run.py

chapters: .venv/.complete ## Run the chapters again and compare with what they show
	$(BIN)/pytest --nbval book/*.ipynb

pages: $(SITE)/.complete browser ## Drive the built pages in a real browser
	$(BIN)/pytest tests/pages --site $(SITE) $(BROWSERS)

jupyter: .venv/.complete browser ## Drive the chapters in a real JupyterLab
	$(BIN)/pytest tests/lab $(BROWSERS)

browser: .venv/.complete
	@$(BIN)/python tests/browser.py

test-torch: .venv/.torch ## Compare with PyTorch (optional: installs it)
	$(BIN)/pytest tests/peers

bench: .venv/.complete ## Time the fast form beside its floor and beside others (3 minutes)
	$(BIN)/python tests/bench/run.py

lab: .venv/.complete ## Open the chapters in JupyterLab
	$(BIN)/jupyter lab book

live: .venv/.complete ## Build changed chapters whenever a file is saved
	$(BIN)/watchfiles "$(BIN)/jupyter-book build ." book rnnlib _config.yml _toc.yml

outputs: .venv/.complete ## Run the chapters and store what they show
	$(BIN)/python tests/store_outputs.py

clean: ## Remove the environment and everything built
	rm -rf .venv _build

# From nothing each time: an unchanged page would neither run again nor repeat its warnings.
$(SITE)/.complete: .venv/.complete $(SOURCES)
	@rm -rf $(SITE) _build/.doctrees
	$(BIN)/jupyter-book build . -W -n --keep-going -q
	@touch $@

.venv/.complete: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is %d.%d. Name another one: make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Making the environment in .venv: about a minute the first time."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --requirement requirements.txt --editable .
	@touch $@

.venv/.torch: .venv/.complete
	@echo "Installing PyTorch into .venv, for the comparison only."
	@$(BIN)/pip install -qq --disable-pip-version-check --editable '.[torch]'
	@touch $@
