# One command each; `make help` lists them. Everything is installed into .venv, nothing outside this folder.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast lint stats sdk container e2e bench mutation lock clean

help:  ## show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

.venv/.runtime: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("swanlab-ci needs Python 3.11 or newer; name one: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv (once) …"
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	@echo "Installing what the tests need (once) …"
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@

demo: .venv/.runtime  ## start an embedded SwanLab, gate a made-up pull request, show why it is red
	@$(BIN)/swanlab-ci demo

# pytest keeps what it has compiled, whatever the environment says
test test-fast: export PYTHONDONTWRITEBYTECODE =

test: .venv/.dev  ## run all tests, on every core
	@$(BIN)/pytest --numprocesses auto --dist worksteal

PURE = tests/gate tests/history tests/inputs tests/insight tests/messages tests/program tests/report tests/text
test-fast: .venv/.dev  ## run the quick tests of the rooms that need no server and no process, with few examples each
	@$(BIN)/pytest --numprocesses auto --dist worksteal -m "not slow" --hypothesis-profile quick $(wildcard $(PURE))

lint: .venv/.dev  ## check style, types, workflows and the Dockerfile
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy swanlab_ci release entrypoint.py tests/conftest.py
	@for folder in $(sort $(dir $(wildcard tests/*/*.py))); do $(BIN)/mypy --no-error-summary $$folder || exit 1; done
	@$(BIN)/actionlint -shellcheck=$(BIN)/shellcheck .github/workflows/*.yml examples/github/*.yml swanlab_ci/first-workflow*.yml
	@$(BIN)/zizmor --quiet --offline --pedantic .github action.yml
	@$(BIN)/zizmor --quiet --offline --pedantic --config examples/zizmor.yml examples/github/*.yml swanlab_ci/first-workflow*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/github/*.yml swanlab_ci/first-workflow*.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci examples/gitlab/*.yml
	@sed '1,/^---$$/d' examples/gitlab/component/templates/swanlab-gate.yml | $(BIN)/check-jsonschema --quiet --default-filetype yaml --builtin-schema vendor.gitlab-ci -
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff
	@$(BIN)/pre-commit validate-manifest .pre-commit-hooks.yaml
	@$(BIN)/hadolint Dockerfile .ci/licences.Dockerfile
	@$(BIN)/shellcheck .ci/run release/draft release/rehearsal/start-dockerd

stats: .venv/.runtime  ## print lines, function lengths, names with two meanings, sentences outside the catalogues
	@$(BIN)/python tests/contract/stats.py

sdk: .venv/.dev  ## compare our client with the real SwanLab SDKs (installs them into .cache)
	@$(BIN)/python tests/sdk/environments.py
	@$(BIN)/pytest --numprocesses auto --dist worksteal tests/sdk

.PHONY: forges
forges: .venv/.dev  ## compare the doubles of forges with other people's clients (installs them into .cache)
	@$(BIN)/pytest tests/forges

.PHONY: looks
looks: .venv/.dev  ## look at every kind of report in a real browser (installs Chromium and npm packages; needs root once)
	@$(BIN)/pytest tests/looks

.PHONY: pictures
pictures: .venv/.dev  ## take the pictures in the README anew (needs what `make looks` installs)
	@$(BIN)/python tests/looks/pictures.py

.PHONY: package
package: .venv/.dev  ## install the wheel by pipx and uvx, and run the hook by pre-commit (asks package indexes)
	@$(BIN)/pytest tests/package

container: .venv/.dev  ## build the image and run it as the runner does (needs a Docker engine)
	@$(BIN)/pytest tests/container

e2e: .venv/.dev  ## run workflows by act in containers (needs a Docker engine)
	@$(BIN)/pytest tests/e2e

.PHONY: rehearsal
rehearsal: .venv/.dev  ## rehearse a release, with container and e2e on its result (needs root, Docker and Debian's packages)
	@$(BIN)/python -m release.rehearsal

bench: .venv/.runtime  ## measure us beside the SwanLab SDKs (installs them into .cache; takes some minutes)
	@$(BIN)/python benchmarks/listing.py
	@$(BIN)/python benchmarks/check.py
	@$(BIN)/python benchmarks/gates.py
	@$(BIN)/python benchmarks/curves.py
	@$(BIN)/python benchmarks/backtest.py
	@$(BIN)/python benchmarks/start.py
	@$(BIN)/python benchmarks/page.py

mutation: .venv/.dev  ## change evaluation and specification of gates in each small way, and see that a test notices (slow)
	@$(PIP) install mutmut==3.8.1
	@echo "Trying some 4,300 small changes; mutants/ holds them, .mutation.log tells how far it is …"
	@$(BIN)/mutmut run >.mutation.log || { tail -n 20 .mutation.log; exit 1; }
	@$(BIN)/mutmut results | grep -v ': timeout$$' | tee .mutation.log  # an endless loop is noticed, too
	@! grep -q . .mutation.log

COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock"

lock: .venv/.dev  ## renew the pinned versions: requirements.txt, -dev.txt, -build.txt
	@$(PIP) install uv
	@$(COMPILE) --output-file requirements.txt pyproject.toml
	@$(COMPILE) --constraint requirements.txt --group dev --output-file requirements-dev.txt pyproject.toml
	@echo hatchling | $(COMPILE) --constraint requirements-dev.txt --output-file requirements-build.txt -

clean:  ## remove what the commands above made
	@rm -rf .venv .cache mutants .mutation.log dist build demo-report .mypy_cache .ruff_cache .pytest_cache .hypothesis
