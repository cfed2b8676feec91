# The commands of kinora. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests build run test soak chaos fuzz-media generative check tidy bench format verify
SHELL := /bin/sh
JOBS ?= $(shell nproc)
SOURCES = $(shell find src cmake tests bench -name node_modules -prune -o '(' -name '*.cpp' -o -name '*.hpp' ')' -print)

build = cmake --build build/$(1) -j $(JOBS)
configured = test -e build/$(1)/build.ninja || cmake --preset $(1) >/dev/null
# Where threads meet; `product` has the tests of the job queue on a real database.
tsan_suites = base http adapters product
# One thread by itself for minutes: the address sanitizer has them too.
tsan_spares = FailingDisk|SimulatedQueue

help: ## lists the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## installs packages, fetches archives, makes models, builds engines; does only what is missing
	@tools/step "Setting up (the first time takes minutes)" tools/setup

setup-tests: ## the same, and what only the tests need: a browser, a false clock
	@tools/step "Setting up (the first time takes minutes)" tools/setup --tests

build: setup ## builds build/release/kinora
	@$(call configured,release)
	@tools/step "Building build/release/kinora" $(call build,release) --target kinora

run: build ## sets up, builds and starts the server
	@exec build/release/kinora serve

test: setup-tests ## builds the dev preset and runs its tests
	@$(call configured,dev)
	@tools/step "Building tests" $(call build,dev)
	@tools/step "Running tests" ctest --preset dev -j $(JOBS)

soak: build setup-tests ## all of it at full size: fuzzing, damaged files, cuts, kills, stops, pauses, backups; takes hours
	@$(call configured,asan)
	@tools/step "Building with address and undefined sanitizers" $(call build,asan)
	@KINORA_FUZZ_SECONDS=600 tools/step "Fuzzing our parsers" ctest --preset asan -j $(JOBS) -L '^fuzz$$'
	@tools/step "Sending damaged media files" python3 tests/faults/damaged.py --kinora build/asan/kinora --files 2000
	@tools/step "Building tests that live long" $(call build,release) --target product_tests
	@KINORA_SOAK=1000000 tools/step "Living a million lives of jobs" build/release/tests/product_tests --gtest_filter='SimulatedQueue.*'
	@KINORA_SOAK=1 tools/step "Failing each write of a disk" build/release/tests/product_tests --gtest_filter='*FailingDisk.*'
	@python3 tests/faults/stops.py --kinora build/release/kinora --stops 100
	@python3 tests/faults/backups.py --kinora build/release/kinora --backups 100
	@python3 tests/faults/pauses.py --kinora build/release/kinora --pauses 50
	@python3 tests/faults/clocks.py --kinora build/release/kinora --rounds 8
	@python3 tests/faults/large_upload.py --kinora build/release/kinora --mib 2048
	@python3 tests/commands/eval.py --kinora build/release/kinora --tour
	@python3 tools/build_engines whisper-cli
	@python3 tests/quality/beside_whisper.py --kinora build/release/kinora
	@$(call configured,dev)
	@tools/step "Building tests of formats" $(call build,dev) --target adapters_tests
	@KINORA_SOAK_SECONDS=60 tools/step "Making ladders of whole minutes in HD" build/dev/adapters_tests --gtest_filter='FfmpegFormats.*Hd*'
	@python3 tests/faults/cuts.py --kinora build/release/kinora --uploads 1000
	@$(MAKE) --no-print-directory chaos
	@$(MAKE) --no-print-directory tidy

chaos: build ## kills the server a thousand times, at random moments and at its failpoints; SEED=7 repeats a run
	@python3 tests/faults/kills.py --kinora build/release/kinora --kills 1000 --chaos $(SEED:%=--seed %)

fuzz-media: setup-tests ## sends ten thousand damaged media files to a server under the address sanitizer; takes hours
	@$(call configured,asan)
	@tools/step "Building with address and undefined sanitizers" $(call build,asan) --target kinora
	@tools/step "Sending damaged media files" python3 tests/faults/damaged.py --kinora build/asan/kinora --files 10000

generative: setup ## brings the language model (1.1 GB) and tests what only it can show; takes minutes
	@tools/step "Fetching the language model" python3 tools/make_models.py llm
	@$(call configured,dev)
	@tools/step "Building its tests" $(call build,dev) --target generative_tests
	@build/dev/tests/generative_tests

check: setup-tests ## all that must hold before a commit is shared: style, boundaries, SQL, tests under the sanitizers
	@tools/step "Checking format" clang-format-19 --dry-run -Werror $(SOURCES)
	@tools/step "Checking boundaries" python3 tools/check_boundaries.py
	@tools/step "Checking style" python3 tools/check_style.py
	@tools/step "Checking SQL" python3 tools/check_sql.py
	@tools/step "Testing the checks" python3 -m unittest discover -q -s tools/tests -t tools/tests
	@tools/step "Testing the summary" python3 -m unittest discover -q -s .ci
	@tools/step "Testing the bench" python3 -m unittest discover -q -s bench/tests
	@$(call configured,asan)
	@tools/step "Building with address and undefined sanitizers" $(call build,asan)
	@tools/step "Running tests with address and undefined sanitizers" ctest --preset asan -j $(JOBS) -LE '^(fuzz|damaged)$$'
	@tools/step "Fuzzing our parsers" ctest --preset asan -j $(JOBS) -L '^fuzz$$'
	@tools/step "Sending damaged media files" ctest --preset asan -L '^damaged$$'
	@$(call configured,tsan)
	@tools/step "Building $(tsan_suites) with thread sanitizer" $(call build,tsan) --target $(tsan_suites:%=%_tests)
	@tools/step "Running $(tsan_suites) with thread sanitizer" ctest --preset tsan -j $(JOBS) -L '^($(shell echo $(tsan_suites) | tr ' ' '|'))$$' -E '$(tsan_spares)'

tidy: setup ## the linter, over all of src or over what FILES matches (FILES='src/jobs/'); takes half an hour
	@$(call configured,dev)
	@tools/step "Reading $(or $(FILES),src) with clang-tidy" run-clang-tidy-19 -quiet -j $(JOBS) -p build/dev \
	  "^$(CURDIR)/$(or $(FILES),src/(?!.*tests/))"

bench: build ## measures the release build beside its peers (ROWS="a c": only these) and writes docs/performance.md
	@tools/step "Setting up peers (the first time takes minutes)" tools/setup --bench
	@tools/step "Building what is measured in its own process" $(call build,release) --target bench_native bench_crowd
	@python3 bench/run.py $(ROWS)

format: ## formats our sources in place
	@clang-format-19 -i $(SOURCES)

verify: ## reads every fetched file and model again and mends what is not the locked one
	@tools/step "Verifying the cache" tools/setup --verify
