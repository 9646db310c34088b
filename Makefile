# SPDX-License-Identifier: GPL-2.0-or-later
# "make review" shows what patchlint does; "make check" runs every gate and test.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
LINUX  ?= $(PATCHLINT_LINUX)
DIRS   ?= arch/x86 kernel mm
CODE   := src tests tools fixtures fuzz benchmarks
SECONDS ?= 1800
# Whoever may install the browser has it, and must not skip its tests.
REQUIRED := $(if $(filter 0,$(shell id -u)),PATCHLINT_BROWSER=required)
STAMP  := $(VENV)/.installed
RUNS   := $(VENV)/.runs
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: help review check format lint types layers test golden docs fixtures
.PHONY: measure-seed measure-accepted measure-reading measure-mutants measure-files
.PHONY: measure-numstat measure-threads measure-subjects measure-tree measure-guards
.PHONY: bench bench-patch constraints clean
.PHONY: fuzz seeds
.PHONY: measure-intake measure-checkpatch measure-remarks measure-english measure-text
.PHONY: measure-messages measure-verbatim measure-stack measure-thread
.PHONY: measure-series measure-series-rules bench-series
.PHONY: measure-replies

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

$(RUNS): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("patchlint needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	touch $@

$(STAMP): $(RUNS)
	$(PIP) -e '.[dev]'
	touch $@

## make review            install into .venv, review a series of fixtures/
review: $(RUNS)
	@$(BIN)/python fixtures/build.py --repo handover-faults build/review
	@echo '$$ patchlint --repo build/review fixtures/handover-faults/series.mbox'
	@$(BIN)/patchlint --fail-on error --repo build/review fixtures/handover-faults/series.mbox || test $$? -eq 1

## make check             every gate, every test; what CI runs
check: $(STAMP)
	sh tools/system.sh
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/rule_docs.py --check
	PYTHONPATH=. $(BIN)/python tools/manual.py --check
	$(BIN)/python fixtures/build.py --check
	$(REQUIRED) $(BIN)/pytest -rs

## make format            format, and fix what can be fixed
format: $(STAMP)
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

## make test ARGS=...     the tests, e.g. ARGS='-k guard-drift'
test: $(STAMP)
	$(BIN)/pytest $(ARGS)

## make golden            accept what the fixtures say now
golden: $(STAMP)
	$(BIN)/pytest tests/test_fixtures.py --update-golden

## make docs              write docs/rules from the cards
docs: $(STAMP)
	$(BIN)/python tools/rule_docs.py

.PHONY: manual site rule
## make manual            write share/: the man page, completions of bash, zsh, fish
manual: $(STAMP)
	PYTHONPATH=. $(BIN)/python tools/manual.py

## make site              docs/ as a site, in build/site; a wrong link ends it
site: $(STAMP)
	$(PIP) -e '.[docs]'
	$(BIN)/mkdocs build --strict --quiet

## make pictures          the pictures of README, in docs/pictures (needs Chromium)
.PHONY: pictures
pictures: $(STAMP)
	sh tools/system.sh
	$(PIP) -e '.[pictures]'
	PYTHONPATH=. $(BIN)/python tools/pictures.py

## make rule NAME=group/name  begin a rule: a card, a check, what to do next
rule: $(STAMP)
	PYTHONPATH=. $(BIN)/python tools/new_rule.py '$(NAME)'

## make fixtures          build fixtures/*/series.mbox again
fixtures: $(STAMP)
	$(BIN)/python fixtures/build.py

## make measure-seed      what is found of the founding review (needs ../shared)
measure-seed: $(STAMP)
	$(BIN)/python tools/measure_seed.py

## make measure-accepted  how often rules speak on accepted patches (needs ../shared)
measure-accepted: $(STAMP)
	$(BIN)/python tools/measure_accepted.py $(ARGS)

## make measure-mutants   faults planted in real functions: how many are found (LINUX=dir)
measure-mutants: $(STAMP)
	$(BIN)/python tools/measure_mutants.py --linux '$(LINUX)' $(ARGS)

## make measure-numstat   diffs as read here and by git apply (needs ../shared)
measure-numstat: $(STAMP)
	$(BIN)/python tools/measure_numstat.py $(or $(MAILS),../shared/corpus)

## make measure-threads   which mails make which series (needs ../shared)
measure-threads: $(STAMP)
	$(BIN)/python tools/measure_threads.py $(ARGS)

## make measure-series    versions of series: pairs, fates, rules (needs ../shared)
measure-series: $(STAMP)
	$(BIN)/python tools/measure_series.py $(ARGS)

## make measure-intake    all the mail beside: taken in, shown, reviewed (ARGS=--forms)
measure-intake: $(STAMP)
	PYTHONPATH=. $(BIN)/python -m tools.measure_intake $(ARGS)

## make measure-stack     files made in memory against git am (needs ../shared, LINUX=dir)
measure-stack: $(STAMP)
	PYTHONPATH=. $(BIN)/python -m tools.measure_stack --linux '$(LINUX)' $(ARGS)

## make measure-thread    how much of what people said is found (needs ../shared)
measure-thread: $(STAMP)
	PYTHONPATH=. $(BIN)/python tools/measure_thread.py $(ARGS)

## make measure-series-rules  what rules over a series find (needs ../shared; ARGS=--repo=DIR)
measure-series-rules: $(STAMP)
	PYTHONPATH=. $(BIN)/python -m tools.measure_series_rules $(ARGS)

## make measure-subjects  subjects as proposed and as applied (needs ../shared)
measure-subjects: $(STAMP)
	$(BIN)/python tools/measure_subjects.py $(ARGS)

## make measure-checkpatch  the types of checkpatch held against it (needs ../shared, LINUX=dir)
measure-checkpatch: $(STAMP)
	$(BIN)/python tools/measure_checkpatch.py --linux '$(LINUX)' --repo '$(LINUX)' $(ARGS) ../shared/corpus/threads ../shared/corpus/accepted

## make measure-with-checkpatch  --with checkpatch against it by hand (needs ../shared, LINUX=dir)
.PHONY: measure-with-checkpatch
measure-with-checkpatch: $(STAMP)
	PYTHONPATH=. $(BIN)/python -m tools.measure_with_checkpatch --linux '$(LINUX)' $(ARGS) ../shared/corpus/threads ../shared/corpus/accepted

## make measure-remarks   remarks of a maintainer's tools: how many are ours (needs ../shared)
measure-remarks: $(STAMP)
	$(BIN)/python tools/measure_remarks.py ../shared/corpus/reviews/maintainer_tool_remarks.jsonl

## make measure-english   articles, spelling and the rest, and what they cost (needs ../shared)
measure-english: $(STAMP)
	$(BIN)/python tools/measure_english.py $(ARGS)

## make measure-text      remarks of people on text: how many are ours (needs ../shared)
measure-text: $(STAMP)
	$(BIN)/python tools/measure_text_remarks.py $(ARGS) ../shared/corpus/reviews/cases

## make measure-verbatim  what is said of messages applied as posted (needs ../shared)
measure-verbatim: $(STAMP)
	PYTHONPATH=. $(BIN)/python -m tools.measure_verbatim $(ARGS)

## make measure-messages  all that is measured of messages (LINUX=dir for checkpatch)
measure-messages: measure-seed measure-subjects measure-english measure-remarks
measure-messages: measure-text measure-verbatim measure-checkpatch

## make measure-replies   drafts on real series: length, quotes, order (needs ../shared)
measure-replies: $(STAMP)
	$(BIN)/python tools/measure_replies.py $(ARGS)

## make measure-files     accepted patches with whole files out of a tree (LINUX=dir)
measure-files: $(STAMP)
	$(BIN)/python tools/measure_files.py '$(LINUX)' $(ARGS)

## make measure-tree      a tree as if all of it were new (LINUX=dir DIRS="arch/x86 mm")
measure-tree: $(STAMP)
	$(BIN)/python tools/measure_tree.py '$(LINUX)' $(DIRS) $(ARGS)

## make measure-reading   how much C and assembly of a kernel is read (LINUX=dir)
measure-reading: $(STAMP)
	$(BIN)/python tools/measure_reading.py $(ARGS) $(LINUX)

## make measure-scan      an archive of 50,000 mails, scanned whole and killed three times
.PHONY: measure-scan
measure-scan: $(STAMP)
	PYTHONPATH=. $(BIN)/python -m tools.measure_scan $(ARGS)

## make measure-guards    which patches change a guard (needs ../shared; ARGS=--any)
measure-guards: $(STAMP)
	PYTHONPATH=. $(BIN)/python tools/guard_changes.py $(ARGS)

## make bench             beside checkpatch, in one run: docs/performance.md (LINUX=dir; ARGS=--check)
bench: $(STAMP)
	PYTHONPATH=. $(BIN)/python -m benchmarks.run --linux '$(LINUX)' $(ARGS)

## make bench-patch       patches with whole files against a bare parse (LINUX=dir)
bench-patch: $(STAMP)
	$(BIN)/python tools/bench_patch.py $(ARGS) $(LINUX)

## make bench-series      a series of 50, 100 and 200 patches: time and memory
bench-series: $(STAMP)
	$(BIN)/python tools/bench_series.py $(ARGS)

.PHONY: bench-seams
## make bench-seams       how long git and b4 wait for us, with a small patch
bench-seams: $(STAMP)
	PYTHONPATH=. $(BIN)/python tools/bench_seams.py

.PHONY: bench-lsp
## make bench-lsp         how soon remarks follow an edit: a message, a mail, C
bench-lsp: $(STAMP)
	PYTHONPATH=. $(BIN)/python tools/bench_lsp.py $(ARGS)

## make fuzz SECONDS=n     hostile mail from atheris (see fuzz/README.md)
fuzz: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	mkdir -p build/fuzz/corpus build/fuzz/found
	PYTHONPATH=. $(BIN)/python fuzz/seeds.py --cards build/fuzz/seeds
	PYTHONPATH=. $(BIN)/python fuzz/fuzz_intake.py -timeout=5 -rss_limit_mb=500 -max_len=8000 \
		-max_total_time=$(SECONDS) -print_final_stats=1 -artifact_prefix=build/fuzz/found/ \
		build/fuzz/corpus build/fuzz/seeds

## make seeds             write fuzz/corpus again
seeds: $(STAMP)
	PYTHONPATH=. $(BIN)/python fuzz/seeds.py fuzz/corpus

## make constraints       pin what is installed now
constraints: $(STAMP)
	$(BIN)/python -m pip freeze --exclude-editable | sed '1i # SPDX-License-Identifier: GPL-2.0-or-later' > constraints.txt

clean:
	rm -rf $(VENV) build dist
