PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TRIAL := $(VENV)/.demo
PINNED := $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable
DATA ?= ../shared/data
MODE ?= edit
CLIENTS := .venv-clients
STORES := .venv-stores
LINTERS := .venv-deploy
PINS := tests/clients
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo model test test-all test-slow test-clients test-stores check check-deploy lint types pages docs bench bench-real bench-large bench-embedded bench-quality bench-detection bench-drafts bench-intake bench-identifiers bench-homonyms bench-told bench-attribution bench-scrub bench-sweep bench-documents bench-agents bench-serving bench-soak bench-hostile bench-restricted bench-local bench-install bench-suite bench-console clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv and install everything into it

$(VENV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

# Versions come from constraints.txt, so that two machines test the same libraries.
$(STAMP): pyproject.toml constraints.txt | $(VENV)
	$(PINNED) '.[dev]'
	touch $@ $(TRIAL)

# The demo imports a small part of what its libraries hold, and compiles that when it does. Its model
# runs on llama.cpp's engine, which is an eighth of torch.
$(TRIAL): pyproject.toml constraints.txt | $(VENV)
	$(PINNED) '.[gguf]' --no-compile
	touch $@

demo: $(TRIAL) ## a local model forgets on request, before your eyes
	@$(BIN)/amnestic demo

model: $(TRIAL) ## fetch a small real chat model (98 MB) and say how to use it
	@$(BIN)/python scripts/fetch_model.py

test: $(STAMP) ## the tests, without those that repeat others
	$(BIN)/python -m pytest

test-all: $(STAMP) ## the tests, with those that repeat others
	$(BIN)/python -m pytest --thorough

test-slow: $(STAMP) ## the tests that take minutes
	$(BIN)/python -m pytest -m slow

# Two environments, since not every client goes with the newest openai; see tests/clients/README.md.
$(CLIENTS)/.installed: $(PINS)/requirements.txt $(PINS)/requirements-openai2.txt $(PINS)/package-lock.json pyproject.toml
	$(PYTHON) -m venv $(CLIENTS)/openai3
	$(CLIENTS)/openai3/bin/python -m pip install --quiet --requirement $(PINS)/requirements.txt --editable .
	$(PYTHON) -m venv $(CLIENTS)/openai2
	$(CLIENTS)/openai2/bin/python -m pip install --quiet --requirement $(PINS)/requirements-openai2.txt --editable .
	mkdir -p $(CLIENTS)/node
	cp $(PINS)/package.json $(PINS)/package-lock.json $(CLIENTS)/node
	npm ci --prefix $(CLIENTS)/node --no-audit --no-fund
	touch $@

test-clients: $(STAMP) $(CLIENTS)/.installed ## the newest real clients through the doors; needs the network and node
	$(BIN)/python -m pytest -m clients tests/clients
	$(BIN)/python docs/refresh.py --clients

# Libraries of 200 MB, of which one asks for an older protobuf than another: none of their own needs.
$(STORES)/.installed: tests/sweeping/requirements.txt pyproject.toml constraints.txt
	$(PYTHON) -m venv $(STORES)
	$(STORES)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(STORES)/bin/python -m pip install --quiet --no-deps --requirement tests/sweeping/requirements.txt
	touch $@

test-stores: $(STORES)/.installed ## sweeps of Chroma, pgvector and mem0 with their own libraries
	$(STORES)/bin/python -m pytest -m stores tests/sweeping

lint: $(STAMP) ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## strict types
	$(BIN)/mypy

pages: $(STAMP) ## whether the pages that are made from the code are up to date
	$(BIN)/python docs/refresh.py --check

docs: $(STAMP) ## the documentation as a site, in site/; fails on a link to nowhere
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

# Linters of containers and charts, which are no part of the package; see deploy/check.py.
$(LINTERS)/.installed: deploy/requirements.txt
	$(PYTHON) -m venv $(LINTERS)
	$(LINTERS)/bin/python -m pip install --quiet --requirement deploy/requirements.txt
	touch $@

check-deploy: $(LINTERS)/.installed ## the Dockerfile, compose file, chart and unit, by their own linters (WITHOUT=unit)
	$(LINTERS)/bin/python deploy/check.py $(addprefix --without ,$(WITHOUT))

check: lint types pages test-all ## what CI runs: style, types, documents, `make test-all`

bench: $(STAMP) ## speed: added time, search, add and revoke, memory, start-up
	$(BIN)/python benchmarks/speed.py --write benchmarks/results.md
	$(BIN)/python benchmarks/search.py --append benchmarks/results.md

bench-real: $(STAMP) ## speed on real people and real answers, beside the floor (DATA=folder)
	$(BIN)/python benchmarks/real_speed.py --data $(DATA)

bench-large: $(STAMP) ## search over a million facets too; takes minutes and 4 GiB
	$(BIN)/python benchmarks/search.py --large

bench-embedded: $(STAMP) ## what the embedded model knows, and how fast it is
	$(BIN)/python benchmarks/embedded.py

bench-quality: $(STAMP) ## leaks, losses and cost against everything else that could be used; half an hour
	$(BIN)/python benchmarks/quality.py
	$(BIN)/python docs/refresh.py --quality

bench-detection: $(STAMP) ## quality of detection (DATA=folder)
	$(BIN)/python benchmarks/detection.py --data $(DATA)

bench-drafts: $(STAMP) ## long answers as assistants write them: leaks, losses, time (DATA=folder, MODE=edit)
	$(BIN)/python benchmarks/drafts.py --data $(DATA)/drafts --mode $(MODE)

bench-intake: $(STAMP) ## taking targets in: how soon one holds, how fast many do, verification
	$(BIN)/python benchmarks/intake.py

bench-agents: $(STAMP) ## calls, tokens and time of the model-backed agents
	$(BIN)/python benchmarks/agents.py

bench-serving: $(STAMP) ## load, streams and soak of the proxy; the agent scenario (DATA=folder)
	$(BIN)/python benchmarks/serving.py --data $(DATA)

bench-soak: $(STAMP) ## a thousand streams at once, and 20,000 requests with 500 changes of the list
	$(BIN)/python benchmarks/serving.py --workers 2 --only streams soak

bench-hostile: $(STAMP) ## a megabyte of each hostile pattern: reading, names, the detector
	$(BIN)/python benchmarks/hostile.py

bench-documents: $(STAMP) ## cutting: random documents of every form, and the time of a draft
	$(BIN)/python benchmarks/documents.py

bench-scrub: $(STAMP) ## corpora: documents a second, leaks, losses, beside a regular expression (DATA=folder)
	$(BIN)/python benchmarks/scrub.py --data $(DATA)
	$(BIN)/python docs/refresh.py --scrub

bench-sweep: $(STAMP) ## stores: what their own search finds after a sweep, and what else changed (DATA=folder)
	$(BIN)/python benchmarks/sweep.py --data $(DATA)

bench-identifiers: $(STAMP) ## identifiers in every form, and neighbours that must not be taken for them
	$(BIN)/python benchmarks/identifiers.py

bench-homonyms: $(STAMP) ## names that are everyday words: found where they are meant, left where they are not
	$(BIN)/python benchmarks/homonyms.py

bench-told: $(STAMP) ## marked replies through the whole layer: what is told of a target and left, what else is lost
	$(BIN)/python benchmarks/told.py

bench-attribution: $(STAMP) ## whose the pieces of marked replies are: what the reader of whole replies finds by itself
	$(BIN)/python benchmarks/attribution.py test

bench-local: $(STAMP) ## a real local model: what it still tells, and what the layer costs (`make model` first)
	$(BIN)/python benchmarks/local_models.py --json benchmarks/local_models.json
	$(BIN)/python docs/refresh.py --local

bench-restricted: $(STAMP) ## a local model kept from writing given strings: cost and answers (`make model` first)
	$(BIN)/python benchmarks/restricted.py --show

bench-console: $(STAMP) ## the console's pages with 100,000 targets
	$(BIN)/python benchmarks/console.py --write
	$(BIN)/python docs/refresh.py --console

bench-install: $(STAMP) ## size of the core install, and its first request
	$(BIN)/python benchmarks/install.py

bench-suite: $(STAMP) ## what the tests cost in processor time, file by file
	$(BIN)/python benchmarks/suite.py

clean: ## remove what was made
	rm -rf $(VENV) $(CLIENTS) $(LINTERS) site dist build .pytest_cache .mypy_cache .ruff_cache
