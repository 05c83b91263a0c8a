# SPDX-License-Identifier: Apache-2.0
# The two a newcomer needs: `make demo` and `make check`. Each target installs the Debian packages it is missing.
SECONDS ?= 60
CLANG ?= clang

.PHONY: all demo check conformance truth bench fuzz format install clean docs build build-asan build-fault build-fuzz
.DEFAULT_GOAL := build

build:
	@tools/install-packages build check ui
	@test -f build/build.ninja || meson setup build --buildtype=release >/dev/null
	@touch -c meson.build
	@ninja -C build build.ninja >build/configure.log || { cat build/configure.log; false; }
	@ninja -C build --quiet

build-asan:
	@tools/install-packages build check
	@test -f build-asan/build.ninja || meson setup build-asan --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
	@touch -c meson.build
	@ninja -C build-asan build.ninja >build-asan/configure.log || { cat build-asan/configure.log; false; }
	@ninja -C build-asan --quiet

build-fault:
	@tools/install-packages build check
	@test -f build-fault/build.ninja || meson setup build-fault --buildtype=debugoptimized -Dfault=true -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
	@touch -c meson.build
	@ninja -C build-fault build.ninja >build-fault/configure.log || { cat build-fault/configure.log; false; }
	@ninja -C build-fault --quiet

build-fuzz:
	@tools/install-packages build check
	@test -f build-fuzz/build.ninja || CC=$(CLANG) meson setup build-fuzz --buildtype=debugoptimized -Dfuzz=true \
	    -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link >/dev/null
	@touch -c meson.build
	@ninja -C build-fuzz build.ninja >build-fuzz/configure.log || { cat build-fuzz/configure.log; false; }
	@ninja -C build-fuzz --quiet

demo: build
	@mkdir -p demo
	@build/tests/generate/eki-generate sample --out demo/sample
	@build/ekigaku analyze --html demo/report.html demo/sample.pcap || test $$? = 20
	@echo
	@echo "The same as a page: demo/report.html (open it in any browser; it needs no network)."
	@echo "Your own captures:  build/ekigaku analyze FILE..."
	@echo
	@tools/demo-desk $(ARGS)

check: build build-asan build-fault build-fuzz docs
	@tests/run

# What the validators accept and refuse, as a page; `make check` writes it too.
conformance: build
	@tests/run --only build/property-exchange --only build/property-labels

truth: build
	@tests/truth/table

bench: build
	@tools/install-packages bench
	@bench/run
	@bench/days
	@[ "$$(id -u)" -ne 0 ] || bench/live
	@bench/pages
	@bench/store
	@bench/service

fuzz: build-fuzz
	@tests/fuzz/run --seconds $(SECONDS)

format:
	@tools/install-packages check
	@find include src tests bench -name '*.[ch]' | xargs clang-format -i

docs:
	@tools/install-packages docs
	@docs/man/build build/man

install: build docs
	@ninja -C build --quiet install
	@install -d $(DESTDIR)/usr/local/share/man/man1
	@install -m 644 build/man/*.1 $(DESTDIR)/usr/local/share/man/man1/

clean:
	@rm -rf build build-asan build-fault build-fuzz demo/sample.pcap demo/sample.truth.json demo/report.html
