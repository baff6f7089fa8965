# Everything a developer types. Each target makes its own virtual environment first: Python 3.11 or newer, make and a
# package index are all it needs. `make test ARGS="-k saving"` hands options on to pytest.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCALES := ru en be ky
ARGS ?=

.PHONY: help demo test check bench locales format lint types contracts texts
.DEFAULT_GOAL := help

help:
	@echo "make demo     the bot, a Telegram and a bank in your browser"
	@echo "make test     the tests"
	@echo "make check    format, lint, types, import contracts, texts, tests"
	@echo "make bench    the measurements"
	@echo "make locales  bring the translations up to date with the code"
	@echo "make format   format the code"

demo: $(READY)
	@$(BIN)/python -m sandbox $(ARGS)

# In three processes: most tests wait for a bot, a bank or a browser, not for the processor. In the order of their
# folders: by the number of their tests, the few slow ones of a whole bot would come last and be waited for.
test: $(READY)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint types contracts texts test

lint: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY)
	@$(BIN)/mypy

contracts: $(READY)
	@$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python -m benchmarks $(ARGS)

format: $(READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Every sentence of the code goes into each bot.po, with no translation yet; the bot reads these files as they are.
locales: $(READY)
	@$(GATHER)
	@for code in $(LOCALES); do $(JOIN) -l $$code || exit 1; done

# Fails where a bot.po lacks a sentence of the code or has one too many; that all are complete, a test says.
texts: $(READY)
	@$(GATHER)
	@for code in $(LOCALES); do \
	  $(JOIN) --check -l $$code 2>/dev/null || { echo "locales/$$code is behind the code: make locales" >&2; exit 1; }; \
	done

GATHER = $(BIN)/pybabel -q extract --no-location --sort-output -o $(VENV)/bot.pot bot
JOIN = $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-pot-creation-date -D bot -i $(VENV)/bot.pot -d locales

# The first Python that is new enough; PYTHON=/path/to/python chooses another.
FIND_PYTHON = for python in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && break; python=""; \
	done

$(READY): requirements.lock
	@$(FIND_PYTHON); \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11 or newer was not found. Install it, or name it: make PYTHON=/path/to/python" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version); the first time takes a minute"; \
	rm -rf $(VENV); \
	"$$python" -m venv $(VENV) || { \
	  rm -rf $(VENV); echo "This Python lacks venv; on Debian: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --use-pep517 --require-hashes -r requirements.lock
	@touch $@
