# The commands of kinora. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build run test check format verify
SHELL := /bin/sh
JOBS ?= $(shell nproc)
SOURCES = $(shell find src cmake -name '*.cpp' -o -name '*.hpp')

build = cmake --build build/$(1) -j $(JOBS)
configured = test -e build/$(1)/build.ninja || cmake --preset $(1) >/dev/null
tsan_layers = base http jobs adapters

help: ## lists the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: ## installs packages, fetches archives, makes models, builds engines; does only what is missing
	@tools/step "Setting up (the first time takes minutes)" tools/setup

build: setup ## builds build/release/kinora
	@$(call configured,release)
	@tools/step "Building build/release/kinora" $(call build,release)

run: build ## sets up, builds and starts the server
	@exec build/release/kinora serve

test: setup ## builds the dev preset and runs its tests
	@$(call configured,dev)
	@tools/step "Building tests" $(call build,dev)
	@tools/step "Running tests" ctest --preset dev -j $(JOBS)

check: setup ## all that must hold before a commit is shared: style, boundaries, SQL, tests under the sanitizers
	@tools/step "Checking format" clang-format-19 --dry-run -Werror $(SOURCES)
	@tools/step "Checking boundaries" python3 tools/check_boundaries.py
	@tools/step "Checking style" python3 tools/check_style.py
	@tools/step "Checking SQL" python3 tools/check_sql.py
	@$(call configured,asan)
	@tools/step "Building with address and undefined sanitizers" $(call build,asan)
	@tools/step "Running tests with address and undefined sanitizers" ctest --preset asan -j $(JOBS)
	@$(call configured,tsan)
	@tools/step "Building $(tsan_layers) with thread sanitizer" $(call build,tsan) --target $(tsan_layers:%=%_tests)
	@tools/step "Running tests of $(tsan_layers) with thread sanitizer" ctest --preset tsan -j $(JOBS) -L '^($(shell echo $(tsan_layers) | tr ' ' '|'))$$'

format: ## formats our sources in place
	@clang-format-19 -i $(SOURCES)

verify: ## reads every fetched file and model again and mends what is not the locked one
	@tools/step "Verifying the cache" tools/setup --verify
