# Every task of this repository. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Targets may share the stack; nothing here gains from running two at once.
.NOTPARALLEL:

##@ Start
.PHONY: run
run: install ## Set everything up and sync the sample data: stack, services, console (Ctrl-C stops it)
	@node scripts/run/run.mjs

.PHONY: run-connector
run-connector: install ## Start one more worker in the foreground (LOCKSTEP_WORKER_PORT=9301 beside a running one)
	@node scripts/run/run-service.mjs connector-worker

.PHONY: run-kibanana
run-kibanana: install ## Start the admin API and console in the foreground
	@node scripts/run/run-service.mjs admin-api

##@ Stack
.PHONY: run-stack
run-stack: install ## Start MongoDB and Elasticsearch (or use those that the environment names)
	@node scripts/stack/cli.mjs start

.PHONY: stop-stack
stop-stack: install ## Stop the local stack; its data is kept
	@node scripts/stack/cli.mjs stop

.PHONY: clean-stack
clean-stack: install ## Stop the local stack and remove its data; downloads are kept
	@node scripts/stack/cli.mjs clean

##@ Data and keys
.PHONY: populate-mongo
populate-mongo: install ## Fill MongoDB with the sample data (SIZE=50000 SEED=1 FORCE=1)
	@node scripts/run/with-stack.mjs scripts/sample-data/populate.mjs $(if $(SIZE),--size $(SIZE)) $(if $(SEED),--seed $(SEED)) $(if $(FORCE),--force)

.PHONY: mongo-writes
mongo-writes: install ## Write random changes to MongoDB until Ctrl-C (RATE=20 SECONDS_TO_RUN=0)
	@node scripts/run/with-stack.mjs scripts/sample-data/writes.mjs $(if $(RATE),--rate $(RATE)) $(if $(SEED),--seed $(SEED)) $(if $(SECONDS_TO_RUN),--seconds $(SECONDS_TO_RUN))

.PHONY: gen-certs
gen-certs: install ## Make the key pair that seals secrets (never overwrites one, unless FORCE=1)
	@node scripts/keys/gen-certs.mjs $(if $(FORCE),--force)

.PHONY: seal
seal: install ## Seal a secret with the published key
	@node scripts/keys/seal.mjs

##@ Work on it
.PHONY: install
install: need-node node_modules/.package-lock.json ## Install the packages of the lock file, when it has changed

node_modules/.package-lock.json: package-lock.json
	@node scripts/run/install.mjs
	@touch $@

.PHONY: need-node
need-node:
	@command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit((a == 20 && b >= 19) || (a == 22 && b >= 12) || a > 22 ? 0 : 1)' \
		|| { echo 'error: Node.js 20.19+ or 22.12+ with npm is needed; install it from your system or from nodejs.org' >&2; exit 1; }

.PHONY: build
build: install ## Build the services and the console into dist/
	@npm run --silent build

.PHONY: docs
docs: build ## Write openapi.json and the reference pages anew
	@npm run --silent docs

.PHONY: typecheck
typecheck: install ## Check the types
	@npm run --silent typecheck

.PHONY: lint
lint: install ## Check code style, formatting and the dependency graph
	@npm run --silent lint

.PHONY: test
test: install ## Check everything and run all tests on real servers of their own
	@node scripts/run/test.mjs

.PHONY: chaos
chaos: install ## Break servers and networks for longer than `make test` has time for (ONLY=network)
	@node scripts/run/chaos.mjs $(if $(ONLY),--testPathPatterns '$(ONLY)')

.PHONY: fuzz
fuzz: install ## Fuzz the conversion from BSON and the id codec (SECONDS=60, SEED=… to see a run again)
	@node scripts/fuzz/fuzz.mjs $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

.PHONY: model
model: install ## Search the model of the algorithm exhaustively, deeper than `make test` does (minutes)
	@node --max-old-space-size=6144 scripts/model/model.mjs

.PHONY: mutants
mutants: install ## Change the conversion and the id codec in small ways: which one does no test notice? (FILES=json-number RESULTS=…)
	@node scripts/mutants/mutants.mjs $(if $(FILES),--files '$(FILES)') $(if $(RESULTS),--results '$(RESULTS)')

.PHONY: kill-points
kill-points: install ## Kill a worker at every kill point under load and compare (SEED=1 POINTS=scan.read,…)
	@node scripts/run/kill-points.mjs $(if $(SEED),--seed $(SEED)) $(if $(POINTS),--points $(POINTS))

.PHONY: soak
soak: install ## Break everything at random under load and compare again and again (SECONDS=600 SEED=1 REPORT=file.json)
	@node scripts/run/soak.mjs $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED)) $(if $(REPORT),--report $(REPORT))

# Targets whose script is not here yet are neither offered nor listed.
ABSENT :=
ifeq ($(wildcard scripts/docker/test-docker.mjs),)
ABSENT += test-docker
else
.PHONY: test-docker
test-docker: install ## Build the images, bring the compose stack up and sync a change through it
	@node scripts/docker/test-docker.mjs
endif

ifeq ($(wildcard scripts/bench/bench.mjs),)
ABSENT += bench
else
.PHONY: bench
bench: install ## Measure a bulk sync: rate and memory (SIZE=500000) (SIZE=500000)
	@node scripts/bench/bench.mjs $(if $(SIZE),--size $(SIZE))
endif

##@ Help
.PHONY: help
help: ## List these targets
	@awk -v absent=' $(ABSENT) ' 'index(absent, " " substr($$1, 1, index($$1 ":", ":") - 1) " ") { next } BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
