# make run: everything on this machine. make test: the whole suite. Both do all the set-up.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test lint bench messages

run: .venv/installed .env
	@$(BIN)/python manage.py libraries --install
	@exec $(BIN)/python manage.py serve

test: .venv/installed-dev
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py libraries --install
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest --cov
	$(BIN)/python -m tests.services $(BIN)/python -m pytest --cov --cov-append
	$(BIN)/python -m coverage report --skip-covered

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run

bench: .venv/installed-dev
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py libraries --install
	@$(BIN)/python -m bench

# Collect the translatable strings, and compile what was translated (needs gettext for the first).
messages: .venv/installed-dev
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemessages --all --no-wrap --no-location \
		--ignore tests --ignore bench --ignore docs --ignore var --ignore node_modules
	$(BIN)/pybabel compile --directory ua_tracker/locale --domain django

# The embedded default: no other variable is needed. Production has no .env made here.
.env:
	@$(PYTHON) -c 'import secrets; print("EMBEDDED=on\nSECRET_KEY=" + secrets.token_urlsafe(50))' > $@
	@chmod 600 $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q >/dev/null && apt-get install -qy python3-venv >/dev/null; } || { echo "Python lacks venv: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what requirements.txt names ..."
	@$(BIN)/pip install -qq -r requirements.txt
	@touch $@

.venv/installed-dev: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what requirements-dev.txt names ..."
	@$(BIN)/pip install -qq -r requirements-dev.txt
	@touch $@ .venv/installed
