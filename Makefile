# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
PORT ?= 8000
DATA ?= data
FAULTS ?= 20000
VENV := .venv
RUN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
NODE := node_modules/.installed
MESSAGES := server/translations/en/LC_MESSAGES/messages.mo
TESTS ?= tests/domain tests/sync tests/features tests/e2e

.PHONY: demo test check setup faults bench clean

demo: $(RUNTIME) $(MESSAGES)
	$(RUN)/xundian --data $(DATA) demo --port $(PORT)

test: setup check
	$(RUN)/python deploy/node.py --test tests/pwa/
	$(RUN)/python -m pytest -n 2 --dist loadgroup $(TESTS)

check: $(DEV) $(NODE) $(MESSAGES)
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/djlint server --lint --quiet
	$(RUN)/python deploy/node.py node_modules/@biomejs/biome/bin/biome check
	$(RUN)/python deploy/node.py node_modules/typescript/bin/tsc --project tsconfig.json

setup: $(DEV) $(NODE) $(MESSAGES)
	$(RUN)/python deploy/tools.py

faults: setup
	FAULTS=$(FAULTS) $(RUN)/python -m pytest -s tests/faults

bench: setup
	$(RUN)/python -m pytest -s tests/bench

clean:
	rm -rf $(VENV) node_modules build $(MESSAGES)

$(VENV)/bin/python:
	$(PYTHON) deploy/python.py $(VENV)

$(RUNTIME): deploy/lock/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/lock/runtime.txt
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEV): deploy/lock/dev.txt $(RUNTIME)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/lock/dev.txt
	touch $@

$(NODE): package.json package-lock.json $(DEV)
	$(RUN)/python deploy/node.py --npm ci --no-audit --no-fund --silent
	touch $@

$(MESSAGES): server/translations/en/LC_MESSAGES/messages.po | $(RUNTIME)
	$(RUN)/pybabel --quiet compile -d server/translations
