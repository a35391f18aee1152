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
MESSAGES := $(patsubst %.po,%.mo,$(wildcard server/translations/*/LC_MESSAGES/messages.po))
SIMULATED := tests/faults/test_simulation.py
PLANTED := tests/faults/test_planted_bugs.py tests/faults/test_mutations.py
TUS := tests/sync/test_tus_clients.py tests/sync/test_tus_differential.py
# The longest test comes first, so that it does not run alone in the end.
TESTS ?= tests/faults/test_simulation.py tests/domain tests/sync tests/features tests/e2e $(wildcard tests/faults/test_killed_*.py)
# Databases and photos of tests live in memory where there is room for them.
MEMORY := $(shell [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm)
PYTEST := TMPDIR=$(MEMORY) $(RUN)/python -m pytest
PIP := $(RUN)/python -m pip install --quiet --disable-pip-version-check
JAVASCRIPT := $(RUN)/python deploy/node.py
BIOME := $(JAVASCRIPT) node_modules/@biomejs/biome/bin/biome

.PHONY: demo install test setup check check-python check-types check-imports check-templates check-phone format faults faults-simulated faults-real planted bench lock vendor clean

# What a server needs, nothing of the tests.
install: $(RUNTIME) $(MESSAGES)

demo: install
	$(RUN)/xundian --data $(DATA) demo --port $(PORT)

test: setup check
	$(JAVASCRIPT) --test $(wildcard tests/pwa/*.test.mjs)
	$(PYTEST) -n 2 --dist loadgroup --no-loadscope-reorder $(TESTS)

# What the tests need beyond the runtime: browsers, a Chinese font, PostgreSQL, node.
setup: $(DEV) $(NODE) $(MESSAGES)
	$(RUN)/python deploy/tools.py

check: check-python check-types check-imports check-templates check-phone

check-python: $(DEV)
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

check-types: $(DEV)
	$(RUN)/mypy

check-imports: $(DEV)
	$(RUN)/lint-imports

check-templates: $(DEV)
	$(RUN)/djlint server --lint --quiet

check-phone: $(NODE)
	$(BIOME) check --error-on-warnings --diagnostic-level=warn
	$(JAVASCRIPT) node_modules/typescript/bin/tsc --project tsconfig.json

# Put Python and JavaScript in the form that `make check` asks for.
format: $(DEV) $(NODE)
	$(RUN)/ruff check --fix --quiet .
	$(RUN)/ruff format .
	$(BIOME) check --write

# Real processes wait more than they work, so they run beside the simulation.
faults: setup
	$(MAKE) -j 2 faults-simulated faults-real

faults-simulated:
	FAULTS=$(FAULTS) nice -n 5 $(RUN)/python -m pytest -s -p no:cacheprovider $(SIMULATED)

faults-real:
	FAULTS=$(FAULTS) $(RUN)/python -m pytest -s -p no:cacheprovider tests/faults $(patsubst %,--ignore %,$(SIMULATED) $(PLANTED)) $(TUS)

# Whether the checkers would notice: bugs planted in the sync, mutations of the rules.
planted: setup
	FAULTS=1 $(RUN)/python -m pytest -s -p no:cacheprovider $(PLANTED)

bench: setup
	$(RUN)/python deploy/tools.py nginx
	$(RUN)/python -m pytest -s tests/bench

# Choose newer versions of everything that the locks pin.
lock: $(DEV)
	bash deploy/lock.sh

vendor: $(RUNTIME)
	$(RUN)/python deploy/vendor.py

clean:
	rm -rf $(VENV) node_modules build *.egg-info $(MESSAGES)

$(VENV)/bin/python:
	$(PYTHON) deploy/python.py $(VENV)

$(RUNTIME): deploy/lock/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r deploy/lock/runtime.txt
	PYTHONWARNINGS=ignore $(PIP) --no-deps --no-build-isolation -e .
	touch $@

$(DEV): deploy/lock/dev.txt $(RUNTIME)
	$(PIP) --require-hashes -r deploy/lock/dev.txt
	touch $@

$(NODE): package.json package-lock.json $(DEV)
	$(JAVASCRIPT) --npm ci --no-audit --no-fund --silent
	touch $@

server/translations/%/LC_MESSAGES/messages.mo: server/translations/%/LC_MESSAGES/messages.po | $(RUNTIME)
	$(RUN)/pybabel --quiet compile -l $* -d server/translations
