# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# All tasks are sessions of noxfile.py. This file only installs nox, in a directory that `make clean` deletes.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
TOOLS := .work/tools
NOX := $(TOOLS)/bin/nox

.DEFAULT_GOAL := help
.PHONY: help demo sandbox test matrix lint format sanity units integration simulation test-faults benchmark benchmark-fleet
.PHONY: docs version build clean

help: ## Show this list
	@sed -n 's/^\([a-z -]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 28

demo: $(NOX) ## Show the collection at work against the sandbox
	@$(NOX) --session demo

sandbox: $(NOX) ## Run the sandbox in the foreground, and show how to use it from another terminal
	@$(NOX) --session sandbox -- --end-with $$PPID

test: $(NOX) ## Run the gate: every check and test that a change must pass
matrix: $(NOX) ## Run every check and test on every ansible-core, for a release
# Some sessions wait for the network or for time, so one more than the number of processors run at once.
test matrix:
	@rm -rf .work/results
	@status=0; $(NOX) --parallel $$($(TOOLS)/bin/python -c 'import os; print(1 + os.cpu_count())') --report .work/results/sessions.json || status=$$?; \
	$(TOOLS)/bin/python .ci/summary.py .work/results || status=$$?; exit $$status

lint: $(NOX) ## Run the linters
	@$(NOX) --session lint

format: $(NOX) ## Fix lint errors and format the code
	@$(NOX) --session format

sanity units integration: $(NOX) ## Run one kind of test on every ansible-core, or on one: CORE=2.19
	@$(NOX) --parallel auto --session '$@$(CORE:%=(%))'

simulation: $(NOX) ## Search every order of events in a simulation
	@$(NOX) --session simulation -- all

# These targets run everything that the gate leaves out.
matrix sanity units integration: export MATRIX = 1

test-faults: $(NOX) ## Run the long campaign of random faults
	@$(NOX) --session faults

benchmark-fleet: $(NOX) ## Measure the cost of many clusters
	@$(NOX) --session benchmark-fleet

benchmark: $(NOX) ## Measure run time and compare with alternatives
	@$(NOX) --session benchmark

docs: $(NOX) ## Build the documentation site in .work/docs
	@$(NOX) --session docs

version: ## Copy the version from galaxy.yml to the code
	@sed -i "s/^VERSION = .*/VERSION = \"$$(sed -n 's/^version: *//p' galaxy.yml)\"/" plugins/module_utils/_api/version.py

build: $(NOX) ## Build the archive of the collection
	@$(NOX) --session build

clean: ## Delete all generated files
	rm -rf .work

$(NOX): Makefile
	@test -n "$(PYTHON)" || { echo 'Install Python 3.11 or newer, or set PYTHON to its path.' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(TOOLS)
	@$(TOOLS)/bin/python -m pip install -qq 'nox[uv]>=2026.10'
	@touch $@
