# TradeInit's commands. `make` alone lists them.
# Python packages live in .venv and are installed again only when a requirements file changed.

PORT ?= 8000
ARGS ?=
PIP_INSTALL = -m pip install -qq --disable-pip-version-check --require-hashes

help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

demo: .venv/runtime  ## the site with its sample record, on http://127.0.0.1:8000 (PORT=8001 changes it)
	@echo "environment: ready in .venv"
	@.venv/bin/python manage.py prepare_demo --port $(PORT)
	@THROTTLE=off PUBLIC_BASE_URL=http://127.0.0.1:$(PORT) exec .venv/bin/python -m gunicorn \
		tradeinit.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 \
		--log-level warning --no-control-socket

test: check  ## every check and test, on SQLite and PostgreSQL (ARGS="-k word" picks some)
	@.venv/bin/python tests/run.py $(ARGS)

test-full: check  ## the same with the heavy profiles
	@.venv/bin/python tests/run.py --full $(ARGS)

bench: .venv/dev  ## how fast it is, beside others and beside the limit (ARGS=--full takes longer)
	@.venv/bin/python manage.py collectstatic --no-input --ignore=redoc -v0
	@.venv/bin/python -m tests.benchmarks $(ARGS)

check: .venv/dev  ## lint, layout, types and the direction of imports, without running a test
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/python -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --check --lint templates

format: .venv/dev  ## put Python and templates into the house layout
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	.venv/bin/djlint --quiet --reformat templates

WORDS_NOT_OF_PAGES = 'var/*' 'tests/*' 'docs/*' 'templates/admin/*' '*/management/*' admin.py 'tradeinit/desk/*'
words: .venv/dev  ## gather the words of the pages into locale/ and compile them (needs gettext)
	.venv/bin/python manage.py makemessages --locale zh_Hant --no-wrap --no-obsolete \
		--add-location file $(addprefix --ignore ,$(WORDS_NOT_OF_PAGES))
	.venv/bin/python manage.py compilemessages --locale zh_Hant --ignore '.venv*' --ignore var

openapi: .venv/runtime  ## write docs/openapi.json anew, the description of the API
	.venv/bin/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file docs/openapi.json

lock: .venv/bin/python  ## write requirements*.txt from requirements*.in (ARGS=--upgrade takes newer releases)
	@.venv/bin/python -m venv var/lock && var/lock/bin/python -m pip install -qq uv
	@for file in requirements requirements-dev; do \
		var/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make lock" $(ARGS) --output-file $$file.txt $$file.in && \
		awk "$$CARRY_REASONS" requirements.in requirements-dev.in $$file.txt > var/lock/$$file.txt && \
		cp var/lock/$$file.txt $$file.txt || exit 1; \
	done

sbom: .venv/runtime  ## write var/sbom.json, what an installation runs, with licences (CycloneDX)
	.venv/bin/python deploy/sbom.py > var/sbom.json

clean:  ## remove what can be made again; the demo's database in var/ stays
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	rm -rf var/lock var/static var/tests

# The reason beside each package of a .in file, put above the same package in the .txt file.
define CARRY_REASONS
{ name = $$1; sub(/[^a-z0-9-].*/, "", name) }
FILENAME ~ /[.]in$$/ { if (sub(/^[^#]+ # */, "")) reason[name] = $$0; next }
name in reason { print "# " reason[name] }
{ print }
endef
export CARRY_REASONS

.venv/bin/python:
	@for python in python3.11 python3.12 python3.13 python3; do \
		$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "environment: making .venv with $$($$python --version)"; \
		exec $$python -m venv --clear .venv; \
	done; \
	echo "No Python 3.11 or newer with its venv module was found. On Debian: apt-get install python3 python3-venv"; exit 1

.venv/runtime: requirements.txt .venv/bin/python
	@echo "environment: installing the site's packages (once)"
	@.venv/bin/python $(PIP_INSTALL) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	@echo "environment: installing the packages for tests and checks (once)"
	@.venv/bin/python $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

.PHONY: help demo test test-full bench check format words openapi lock sbom clean
