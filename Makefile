# One door for every tool. Each target makes .venv first when it is missing or older than the pins.

PY ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
READY := .venv/.ready
WORKERS ?= 2
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(if $(ORDER),--randomly-seed $(ORDER))

.PHONY: setup demo run test rules lint fmt kills faults bench pictures docs lock

setup: $(READY) ## Make .venv with the pinned packages

demo: $(READY) ## Try it: the sample company on a throw-away database
	@$(BIN)/python manage.py demo

run: $(READY) ## Start empty: web server, worker and schedule in one process
	@$(BIN)/python manage.py up

# The first pass is everything on SQLite; the second repeats what touches the
# database on a private PostgreSQL with a Redis-compatible server.
test: $(READY) ## All tests, on SQLite and on PostgreSQL
	@echo "Everything, on SQLite"; \
	$(PYTEST) -m "not postgres"; sqlite=$$?; \
	echo "What touches the database, on PostgreSQL with a Redis-compatible server"; \
	$(BIN)/python -m tests.services $(PYTEST) -m "not e2e and not house and not rules and not embedded"; postgres=$$?; \
	[ $$sqlite -eq 0 ] && [ $$postgres -eq 0 ]

rules: $(READY) ## The pure rules alone
	@$(BIN)/pytest -c tests/rules.ini --rootdir . tests/rules

lint: $(READY) ## Style, types, import directions, migrations, system checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

fmt: $(READY) ## Sort imports, repair what ruff can repair, format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

kills: $(READY) ## Kill and stop imports at many places, and merge edits in any order: on both databases
	@for run in "" "$(BIN)/python -m tests.services"; do \
		KILLS=20 EXAMPLES=100 SEED=$$$$ $$run $(BIN)/pytest --timeout 7200 tests/erp/test_kills.py tests/erp/test_stopping.py tests/erp/test_three_way.py || exit 1; \
	done

faults: $(READY) ## Kill, stop and starve every part while mail goes out, and write what came of it
	@table=$$(mktemp); \
	FAULTS=1 FAULT_FLIPS=50 FAULT_MESSAGES=$${FAULT_MESSAGES:-600} FAULT_TABLE=$$table \
		$(BIN)/python -m tests.services $(BIN)/pytest -p no:randomly --timeout 900 tests/faults; rc=$$?; \
	[ $$rc -eq 0 ] && $(BIN)/python -m docs.reliability $$table && echo "Written: docs/reliability.md"; \
	rm -f $$table; exit $$rc

bench: $(READY) ## Every benchmark, one after the other
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python -m "benchmarks.$$(basename $$script .py)" || exit 1; done

pictures: $(READY) ## Take the pictures of the documents from the running demo
	@$(BIN)/python -m docs.pictures

docs: $(READY) ## Write the page of the checks from their rules
	@$(BIN)/python -m docs.checks

lock: $(READY) ## Take the newest versions that pyproject.toml allows into the pins
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-header requirements/uv.in -o requirements/uv.txt
	@! grep -n '://' requirements/*.txt

# A venv without ensurepip (Debian without python3-venv) leaves a half-made folder
# behind: hence the stamp files, --clear, and the outer pip as the second way.
$(BIN)/.uv: requirements/uv.txt
	@test -n "$(PY)" || { echo "Python 3.11 or newer is needed. If it has another name: make setup PY=/path/to/python3"; exit 1; }
	@echo "Making .venv with $(PY) (about half a minute)"
	@$(PY) -m venv --clear .venv >/dev/null 2>&1 || $(PY) -m venv --clear --without-pip .venv
	@if [ -x $(BIN)/pip ]; then \
		$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt; \
	elif $(PY) -m pip --version >/dev/null 2>&1; then \
		$(PY) -m pip --python $(BIN)/python install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt; \
	else \
		echo "$(PY) has neither ensurepip nor pip. On Debian or Ubuntu: apt install python3-venv"; exit 1; \
	fi
	@touch $@

$(READY): requirements/dev.txt $(BIN)/.uv
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements/dev.txt
	@touch $@
