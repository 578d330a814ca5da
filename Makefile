# The two commands a newcomer needs are `make run` and `make test`; the rest is longer work.
PY := .venv/bin/python
PACKAGES := config kiosk drivers sync ui bureau
OUT ?= out
RUNS ?= 1000000
REQUESTS ?= 1000
VISITS ?= 1440
TERMINALS ?= 1
MACHINE_RUNS ?= 10000
# Most tests wait for a device, a clock or a program: two to a core.
WORKERS ?= $(shell expr 2 \* $$(nproc))
ONLY ?= tests/drivers/contract
# The tests start hundreds of programs: what one has compiled the others need not compile again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test setup setup-test lint types arrows qml collected pytest deep journeys walks chaos matrix fuzz soak pages openapi bench clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## install what the terminal needs
	@scripts/setup.sh run

setup-test: ## install what the tests need as well
	@scripts/setup.sh test

run: setup ## bureau, simulated cabinet, sync and the touchscreen on this machine
	@.venv/bin/kiosk demo

test: setup-test ## everything that CI runs
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types arrows qml collected
	@$(MAKE) --no-print-directory pytest

lint: ## style
	@echo '==> ruff' && .venv/bin/ruff check $(PACKAGES) tests benchmarks \
		&& .venv/bin/ruff format --check --quiet $(PACKAGES) tests benchmarks

types: ## types
	@echo '==> mypy --strict' && .venv/bin/mypy

arrows: ## who may import whom
	@echo '==> import-linter' && .venv/bin/lint-imports --no-logo

qml: ## QML against the Python types it uses
	@echo '==> qmllint -W 0' && $(PY) -m ui.lint

collected: ## the tests read and compiled once, before every worker reads them
	@echo '==> tests collected' && mkdir -p $(OUT) \
		&& { $(PY) -m pytest --collect-only --quiet > $(OUT)/collected.txt || { tail -n 40 $(OUT)/collected.txt; exit 1; }; }

pytest: ## the tests
	@echo '==> pytest' && $(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 40

deep: setup-test ## the tests with all of many like cases, of which `make test` takes some (tests/depth.py)
	@KIOSK_TESTS_DEPTH=whole $(MAKE) --no-print-directory pytest

journeys: setup-test ## a walk of every service, an exchange between two cabinets, and planted faults
	@KIOSK_TESTS_DEPTH=whole $(PY) -m pytest tests/journeys

walks: setup ## every service walked in each look, and through faults (docs/walks.md says which): out/walks
	@scripts/walks.sh $(OUT)/walks

chaos: setup-test ## SIGKILL around every commit of every service
	@$(PY) -m tests.chaos.run --out $(OUT)/chaos --report docs/chaos.md

fuzz: setup-test ## RUNS inputs (a million) to every parser, and docs/fuzz.md
	@$(PY) -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	@$(PY) -m tests.fuzz.campaign --runs $(RUNS) --out $(OUT)/fuzz --report docs/fuzz.md

openapi: setup-test ## REQUESTS (a thousand) of each kind to a running bureau, against its own description
	@KIOSK_OPENAPI_REQUESTS=$(REQUESTS) $(PY) -m pytest --timeout 7200 tests/bureau/api/test_described.py

soak: setup-test ## drivers killed in mid-command, VISITS visits on TERMINALS terminals with a fault in each, the state machines at 10,000 runs
	@$(PY) -m pytest tests/soak/driver_death.py
	@$(PY) -m tests.soak.machines --runs $(MACHINE_RUNS) --out $(OUT)/machines --report docs/state-machines.md
	@$(PY) -m tests.soak.run --visits $(VISITS) --terminals $(TERMINALS) --out $(OUT)/soak --report docs/soak.md

pages: ## what docs/ says of the services, the interface, the ports and the faults, made of them again
	@$(PY) -m bureau.cli authorisation --out docs/authorisation.md
	@$(PY) -m bureau.cli openapi --out docs/openapi.json
	@$(PY) -m tests.bureau.api.grown
	@$(PY) -m bureau.cli integrating --out docs/integrating.md
	@$(PY) -m config.faults.page

matrix: setup-test ## each device under each fault: docs/fault-matrix.md
	@rm -rf $(OUT)/contract
	@KIOSK_CONTRACT_RECORD=$(abspath $(OUT)/contract) $(PY) -m pytest -n $(WORKERS) --dist loadfile --timeout 1800 $(ONLY) \
		--deselect tests/drivers/contract/test_all.py::test_the_kept_matrix_has_no_empty_cell
	@$(PY) -m tests.drivers.contract.matrix $(OUT)/contract

bench: setup ## side-by-side measurements
	@for bench in $(basename $(notdir $(wildcard benchmarks/*.py))); do echo "==> $$bench"; $(PY) -m benchmarks.$$bench || exit 1; done

clean: ## remove what was made, but not .venv
	@rm -rf $(OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis .qt-build .import_linter_cache
