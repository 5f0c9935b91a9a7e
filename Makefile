# make run    start Duplet (the first time: install what it needs, which takes a minute or two)
# make test   install what the tests need, and run them all
# make test-scale  the tests that touch a database once more, on this machine's PostgreSQL and Redis or private ones
# make thorough  slow tests that add to what the others promise; takes about ten minutes
# make faults kill, freeze, starve and cut off the site again and again, which takes about an hour
# make bench  what it costs to bring a thousand songs to a thousand tabs; takes about nine minutes
# make bars   axe, Lighthouse and weight of every page and state, with a library of 500 songs; takes about ten minutes
# make check  lint, types, migrations and the deployment check
# make clean  remove everything that was installed or cached; songs and accounts in var/ stay

.DEFAULT_GOAL := run
.PHONY: run test test-scale servers thorough faults bench bars lint types check chromium clean
MAKEFLAGS += --no-builtin-rules --no-print-directory

python := .venv/bin/python
pip := $(python) -m pip install --disable-pip-version-check --no-input --quiet --require-hashes
code := generator studio tests manage.py
ARGS ?=
axe_sha512 := 1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5

run: .venv/run.stamp
	@exec $(python) manage.py serve --prepare

test: .venv/test.stamp .venv/axe.min.js chromium
	$(python) -m pytest $(ARGS)

# The long story of credits is told on SQLite alone, and what installs everything into a clone has been.
test-scale: .venv/test.stamp chromium servers
	$(python) -m tests.instances $(python) -m pytest tests/studio tests/flows \
	  --ignore=tests/studio/test_ledger_machine.py \
	  -m "not faults and not thorough and not fresh_clone and not either_database" $(ARGS)

faults: .venv/test.stamp chromium servers
	$(python) -m pytest -m faults $(ARGS)

thorough: .venv/test.stamp .venv/axe.min.js chromium servers
	$(python) -m pytest -m thorough $(ARGS)

bench: .venv/test.stamp
	$(python) -m tests.bench.relay $(ARGS)

bars: .venv/test.stamp .venv/axe.min.js .venv/lighthouse chromium
	@command -v chromium chromium-browser google-chrome >/dev/null || apt-get install -y -qq chromium >/dev/null
	$(python) -m tests.bars $(ARGS)

# axe-core 4.14.1 and Lighthouse 12.8.2, for measurements alone; nothing of them is served.
.venv/axe.min.js: | .venv/bin/python
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && cd "$$folder" && npm pack --silent axe-core@4.14.1 && \
	echo "$(axe_sha512)  axe-core-4.14.1.tgz" | sha512sum --check --quiet && tar -xzf axe-core-4.14.1.tgz && \
	cp package/axe.min.js "$(CURDIR)/$@"

.venv/lighthouse: | .venv/bin/python
	@npm install --silent --no-audit --no-fund --prefix $@ lighthouse@12.8.2

lint: .venv/test.stamp
	$(python) -m ruff check .
	$(python) -m ruff format --check .

types: .venv/test.stamp
	$(python) -m mypy $(code)

# The deployment check looks at a site as it would stand in public, with a data folder that goes away again.
check: lint types
	$(python) manage.py makemigrations --check --dry-run
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	key=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(64))') && \
	DATA_DIR="$$folder" SECRET_KEY="$$key" PUBLIC_URL=https://songs.example.org DEBUG= \
	$(python) manage.py check --deploy --fail-level WARNING

.venv/bin/python:
	@for candidate in $(PYTHON) python3.11 python3.12 python3 python; do \
	  if "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then \
	    echo "Making .venv with $$("$$candidate" --version)."; \
	    "$$candidate" -m venv --clear .venv; \
	    exit; \
	  fi; \
	done; \
	echo "Duplet needs Python 3.11 or 3.12 with its venv module, and neither was found." >&2; \
	echo "On Debian or Ubuntu: apt-get install python3 python3-venv. Elsewhere: make run PYTHON=/path/to/python3.11" >&2; \
	exit 1

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing the pinned packages into .venv. This happens once."
	@$(pip) -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt | .venv/bin/python
	@echo "Installing the pinned packages and what the tests need into .venv. This happens once."
	@$(pip) -r requirements-dev.txt
	@touch .venv/run.stamp $@

# Without windows where Debian has that; Lighthouse needs all of it.
chromium:
	@command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests."; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && { apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1 || \
	  apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; \
	else \
	  echo "The browser tests need Chromium. On Debian: sudo apt-get install chromium" >&2; \
	  exit 1; \
	fi

servers: .venv/test.stamp
	@$(python) -m tests.instances true 2>/dev/null && command -v redis-server >/dev/null && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing PostgreSQL and Redis for the tests."; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql redis-server >/dev/null; \
	else \
	  echo "These tests need PostgreSQL and Redis. On Debian: sudo apt-get install postgresql redis-server" >&2; \
	  exit 1; \
	fi

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
