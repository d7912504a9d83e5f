# make demo    read an example story; the page, JSON and TEI are left in out/
# make test    lint, types and tests; what they need is set up first
# make bench   measure speed, memory and start-up
# make web     build the page of `personae open` again, after a change in web/ (needs node)
# make clean   remove what these left here

# Another Python: make demo PYTHON=/path/to/python3.12
NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$name $(NEW_ENOUGH) 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
STORY := examples/night_window.html
PAGES := out/night_window.html out/night_window.json out/night_window.tei
CHROMIUMS := chromium chromium-browser google-chrome google-chrome-stable chrome

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help demo test bench web browser clean

help:
	@sed -n 's/^# \(make\)/\1/p' Makefile

demo: .venv/installed
	@mkdir -p out
	@$(BIN)/personae read $(STORY) $(addprefix -o ,$(PAGES))
	@echo
	@echo "Open $(CURDIR)/$(firstword $(PAGES)) in a browser."

test: .venv/installed-for-tests browser
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto --dist loadfile

bench: .venv/installed-for-tests
	@$(BIN)/python -m benchmarks.speed

web:
	@command -v npm >/dev/null 2>&1 || { echo "personae: building the page needs node 20.19 or later with npm; the built one is in src/personae/serve/static"; exit 1; }
	cd web && npm ci --no-fund --no-audit && npm run build

.venv/made:
	@$(or $(PYTHON),false) $(NEW_ENOUGH) 2>/dev/null || { \
		echo "personae: needs Python 3.11 or later; install it, or name it: make PYTHON=/path/to/python3.11"; \
		exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "personae: $(PYTHON) can't make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	@touch $@

.venv/installed: .venv/made pyproject.toml
	@echo "Installing personae into .venv …"
	@$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/installed-for-tests: .venv/made pyproject.toml
	@echo "Installing personae and its tests' tools into .venv …"
	@$(BIN)/pip install --quiet --editable ".[test,frames,serve]"
	@touch .venv/installed $@

# The tests of the page need a Chromium; without one they are skipped.
browser:
	@for name in $(CHROMIUMS); do command -v $$name >/dev/null 2>&1 && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing Chromium for the tests of the page …"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } \
			>/dev/null 2>&1 && exit 0; \
	fi; \
	echo "personae: no Chromium here; the tests of the page will be skipped. To run them, install chromium."

clean:
	rm -rf .venv out build dist web/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
