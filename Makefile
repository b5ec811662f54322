# The front door. Each target is a line or two that a person could type; longer logic stands in scripts/.
PORT ?= 8000
PYTHON = .venv/bin/python
PIP_INSTALL = .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
PIP_COMPILE = .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
PYTEST = $(PYTHON) -m pytest -n 2 --dist worksteal

.DELETE_ON_ERROR:
.PHONY: help demo test lint fix bench screenshots manual-pictures drill migrations lock clean install install-dev static

help:  ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

demo: static  ## install, fill the demo county, serve it on PORT; RESET=1 starts over
	$(PYTHON) manage.py migrate --verbosity 0
	$(PYTHON) manage.py demo $(if $(RESET),--reset)
	$(PYTHON) manage.py serve --port $(PORT)

test: install-dev static  ## install what the tests need and run everything, on SQLite and on PostgreSQL
	scripts/system_packages.sh
	env -u DATABASE_URL $(PYTEST)
	$(PYTHON) scripts/with_postgres.py -- $(PYTEST) -m "database and not browser and not office"

lint: install-dev  ## every check short of the tests; pre-commit calls this too
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djlint --quiet --check --lint templates
	.venv/bin/mypy
	$(PYTHON) manage.py makemigrations --check --dry-run

fix: install-dev  ## let the formatters change what they can
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djlint --quiet --reformat templates

bench: install-dev  ## measure the list page, exports and imports, a draft ranking and its page
	$(PYTHON) -m benchmarks

screenshots: install-dev static  ## pictures of the main pages into screenshots/
	$(PYTHON) scripts/screenshots.py

manual-pictures: install-dev static  ## pictures of the user manual into docs/pictures/
	$(PYTHON) scripts/screenshots.py --manual

drill:  ## try the set-up in a bare Debian (root, debootstrap)
	scripts/chroot_drill.sh

migrations: install-dev  ## write the initial migrations anew; until the first tag
	$(PYTHON) scripts/initial_migrations.py

lock: install-dev  ## recompile the locks from requirements*.in and package.json
	$(PIP_COMPILE) --output-file=requirements.txt requirements.in
	$(PIP_COMPILE) --output-file=requirements-dev.txt requirements-dev.in
	$(PIP_COMPILE) --output-file=requirements-node.txt requirements-node.in
	$(PYTHON) scripts/frontend.py --lock

clean:  ## remove what set-up made; var/ with its data stays
	rm -rf .venv node_modules build screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis

install: .venv/requirements.installed build/frontend.installed  ## the Python and front-end packages

install-dev: install .venv/requirements-dev.installed

static: install  ## collect the static files
	$(PYTHON) manage.py collectstatic --noinput --verbosity 0

.venv/bin/pip:
	scripts/check_machine.sh
	python3 -m venv .venv

.venv/requirements.installed: requirements.txt | .venv/bin/pip
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/requirements-dev.installed: requirements-dev.txt .venv/requirements.installed
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

build/frontend.installed: package-lock.json requirements-node.txt scripts/frontend.py | .venv/bin/pip
	$(PYTHON) scripts/frontend.py
	@touch $@
