# make blas    generate a BLAS module and run an example with it: all it needs is Python 3.10
# make test    install what a fresh Debian machine lacks, then check and run every test
# make check   ruff and mypy --strict over the package, its runtime and the golden modules
# make docs    the documentation site, in build/site; a warning of Sphinx is an error
# make test-site   the site in a browser without a window: pages, links, pictures, search; needs Chromium
# make golden  regenerate tests/golden and examples/blas/blas.pyf; read the diff before you commit it
# make conformance   NumPy's own tests of f2py, with f2pypy in its place; builds are kept in build/conformance
# make test-parallel   the examples with Dask, joblib and MPI; installs Open MPI and these packages
# make test-targets   modules for i386, arm64 and s390x, run by those machines' Python under qemu
# make test-packages   whole packages of every build system: built in isolation, installed into fresh environments of
#              several Pythons, repaired by auditwheel, frozen by PyInstaller; minutes
# make scipy    SciPy's own tests with modules of f2pypy's in place of f2py's, with llvmlite and without, beside the wheel's;
#              hours, all of it in build/scipy
# make test-newest   the newest CPythons, NumPy and gfortran of Debian unstable (SUITE=testing: of testing), as root;
#              the system is kept in build/newest
# make test-free-threaded   a CPython without the GIL, FREE_THREADED=python3.14t
# make soak    a million calls of every kind, on ctypes alone, in native code and on PyPy: memory and reference counts
#              stay as they are; the calls take seven minutes of a processor
# make bench   f2py's modules and f2pypy's on the same calls, in a quarter of an hour; writes benchmarks/results.json,
#              the tables of README.md and docs/performance.md and the pictures in docs/img; PYPY= leaves PyPy out,
#              PARTS="kinds builds" measures these alone.
#              One group of calls takes seconds, from Fortran to the table:
#              .venv/bin/python -m benchmarks kinds --only shapes --rounds 9
#              (--only may be repeated, --help lists the groups; on PyPy: --no-cpython --pypy .venv-pypy/bin/python)
# make clean   remove what the others made

PYTHON ?= python3
PYPY ?= pypy3
WORKERS ?= 2
SCIPY ?= 1.11.4 newest
FREE_THREADED ?= python3.14t

.DELETE_ON_ERROR:
.PHONY: blas test docs test-site check check-style check-types check-output golden conformance scipy bench soak clean system test-cpython test-pypy test-others test-parallel test-packages test-targets test-newest test-free-threaded

# A machine that only runs `make blas` gets nothing but the program and a BLAS library.
.venv-blas/ready: pyproject.toml
	.ci/new-environment $(PYTHON) .venv-blas
	.venv-blas/bin/python -m pip install --quiet --editable '.[blas]'
	.venv-blas/bin/python -m compileall -q f2pypy # as pip does with what isn't editable
	touch $@

.venv/ready: pyproject.toml
	.ci/new-environment $(PYTHON) .venv
	.venv/bin/python -m pip install --quiet --editable '.[test]'
	.venv/bin/python -m compileall -q f2pypy # as pip does with what isn't editable
	touch $@

.venv/bench: .venv/ready
	.venv/bin/python -m pip install --quiet --editable '.[bench,native]'
	touch $@

.venv-pypy/ready: pyproject.toml
	.ci/new-environment $(PYPY) .venv-pypy
	.venv-pypy/bin/python -m pip install --quiet --only-binary numpy numpy pytest hypothesis charset-normalizer scipy-openblas32 scipy-openblas64
	touch $@

.venv-pypy/bench: .venv-pypy/ready
	.ci/system-packages pypy3-dev gcc gfortran
	touch $@

blas: .venv-blas/ready
	.venv-blas/bin/f2pypy examples/blas/blas.pyf -o examples/blas/blas.py
	.venv-blas/bin/python examples/blas/demo.py

# One failure doesn't hide the next. The parts run side by side, as some use one core; each prints when it has ended.
test: system
	$(MAKE) --keep-going --jobs=$(WORKERS) --output-sync=target test-pypy check test-site test-others conformance test-cpython

.venv-docs/ready: pyproject.toml
	.ci/new-environment $(PYTHON) .venv-docs
	.venv-docs/bin/python -m pip install --quiet --editable '.[docs]'
	touch $@

docs: .venv-docs/ready
	.venv-docs/bin/python -m sphinx --quiet --fail-on-warning --keep-going docs build/site

test-site: docs .venv/ready
	.venv/bin/python -m pytest tests/site/site_in_browser.py

system:
	.ci/system-packages

check: check-style check-types check-output

check-style: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

check-types: .venv/ready
	.venv/bin/mypy
	.venv/bin/mypy --strict tests/golden/*.py

check-output: .venv/ready
	mkdir -p build
	.venv/bin/f2pypy examples/blas/blas.pyf --strict --quiet -o build/blas.py
	.venv/bin/f2pypy examples/lapack/lapack.pyf --strict --quiet -o build/lapack.py
	.venv/bin/ruff check --isolated --no-respect-gitignore --select E4,E7,E9,F build/blas.py build/lapack.py
	.venv/bin/f2pypy -m told_apart fortran/generics/told_apart.f90 --quiet -o build/told_apart.py
	.venv/bin/mypy --strict build/blas.py build/told_apart.py

test-cpython: .venv/ready
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest -n $(WORKERS)

test-pypy: .venv/ready .venv-pypy/ready
	.ci/test-pypy .venv/bin/python .venv-pypy/bin/python

test-others: .venv/ready
	.ci/test-others .venv/bin/python

.venv/parallel: .venv/ready
	.ci/system-packages gfortran openmpi-bin libopenmpi-dev
	.venv/bin/python -m pip install --quiet --editable '.[parallel]'
	touch $@

test-parallel: .venv/parallel
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest tests/parallel tests/test_guides.py -k "parallel or dask or mpi"

conformance: .venv/ready .venv-pypy/ready
	.ci/test-conformance .venv/bin/python .venv-pypy/bin/python $(WORKERS)

# other machines' Python under qemu, in build/targets; wants root the first time
test-targets: .venv/ready
	.ci/test-targets .venv/bin/python

.venv/packages: .venv/ready
	.venv/bin/python -m pip install --quiet --editable '.[packages]'
	touch $@

test-packages: .venv/packages
	F2PYPY_PACKAGES=1 PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest -n $(WORKERS) tests/packages/wheels.py tests/packages/test_cmake.py

scipy: .venv/ready
	nice .venv/bin/python tests/scipy_suite --workers $(WORKERS) $(SCIPY)

test-newest:
	.ci/test-newest build/newest $(SUITE)

test-free-threaded:
	.ci/test-free-threaded $(FREE_THREADED) $(WORKERS)

golden: .venv/ready
	.venv/bin/python tests/regenerate.py

bench: .venv/bench $(if $(PYPY),.venv-pypy/bench)
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m benchmarks $(if $(PYPY),--pypy .venv-pypy/bin/python) $(PARTS)

soak: .venv/ready .venv-pypy/ready
	.venv/bin/python tests/soak --workers $(WORKERS) --pypy .venv-pypy/bin/python
	F2PYPY_SOAK=1000000 .venv/bin/python -m pytest tests/test_native*.py tests/callbacks/test_native_wrappers.py -k "long_run or left_behind"
	F2PYPY_SOAK=1000000 .venv/bin/python -m pytest tests/sources/test_stops_inside.py -k long_run
	F2PYPY_CALLS=1000000 .venv/bin/python -m pytest tests/sources/test_memory.py
	F2PYPY_OBJECTS=100000 .venv/bin/python -m pytest tests/types/test_many_objects.py

clean:
	rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis examples/blas/blas.py
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
