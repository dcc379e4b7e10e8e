# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What there is to do, and how: noxfile.py. This file brings nox itself, in a folder that `make clean` deletes.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
TOOLS := .work/tools
NOX := $(TOOLS)/bin/nox

.DEFAULT_GOAL := help
.PHONY: help demo sandbox test lint format sanity units integration simulation test-faults benchmark docs version build clean

help: ## Show this list
	@sed -n 's/^\([a-z -]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 28

demo: $(NOX) ## See the collection at work against the sandbox
	@$(NOX) --session demo

sandbox: $(NOX) ## Run the sandbox in the foreground, and show how to use it from another terminal
	@$(NOX) --session sandbox -- --end-with $$PPID

test: $(NOX) ## Run everything, and count
	@rm -rf .work/results
	@status=0; $(NOX) --parallel auto --report .work/results/sessions.json || status=$$?; \
	$(TOOLS)/bin/python .ci/summary.py .work/results || status=$$?; exit $$status

lint: $(NOX) ## Run the linters
	@$(NOX) --parallel auto --session lint typing playbooks doclint

format: $(NOX) ## Mend what the linter can, and format
	@$(NOX) --session format

sanity units integration: $(NOX) ## Run one kind of test on every ansible-core; one alone: CORE=2.19
	@$(NOX) --parallel auto --session '$@$(CORE:%=(%))'

simulation: $(NOX) ## Search every order of events in a simulation
	@$(NOX) --session simulation -- all

test-faults: $(NOX) ## Run the long campaign of random faults
	@$(NOX) --session faults

benchmark: $(NOX) ## Measure what the collection costs, beside what users would do instead
	@$(NOX) --session benchmark

docs: $(NOX) ## Build the documentation site in .work/docs
	@$(NOX) --session docs

version: ## Write the version of galaxy.yml, which is the place to change it, where the code reads it
	@sed -i "s/^VERSION = .*/VERSION = \"$$(sed -n 's/^version: *//p' galaxy.yml)\"/" plugins/module_utils/_version.py

build: $(NOX) ## Build the collection's archive
	@$(NOX) --session build

clean: ## Delete all that was made here
	rm -rf .work

$(NOX): Makefile
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed (PYTHON=... names one).' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(TOOLS)
	@$(TOOLS)/bin/python -m pip install -qq 'nox[uv]>=2025.10'
	@touch $@
