"""The kinds of calls, by groups, with what each answers and the goals of the groups."""

from __future__ import annotations

from dataclasses import dataclass

CALLBACKS = 500  # within one call


@dataclass(frozen=True)
class Kind:
    """One kind of call.

    `statement` is what is timed. It and `check` use the names that `clock` makes; `check` is an expression that must
    hold after the first call, where `answer` is what the statement gave if it is an expression. `calls` is how many
    callbacks the statement makes, through which its time is divided. f2py is asked only if it can (`f2py`).
    """

    name: str
    statement: str
    check: str
    calls: int = 1
    f2py: bool = True


@dataclass(frozen=True)
class Goal:
    """What the dearest kind of a group may cost: times f2py's cost, or nanoseconds if `absolute`."""

    most: float
    absolute: bool = False

    def __str__(self) -> str:
        return nanoseconds_text(self.most) if self.absolute else f"{self.most:g}"


@dataclass(frozen=True)
class Group:
    """Kinds that share a goal; `name` selects them on the command line, `goals` are by contender, none without one."""

    name: str
    title: str
    goals: dict[str, Goal]
    kinds: tuple[Kind, ...]


def goals(ctypes: float | Goal, native: float | Goal, pypy: float | Goal) -> dict[str, Goal]:  # fmt: skip
    """Return the goals of the three tiers; a bare number is a ratio to f2py's module on the same interpreter."""
    given = {"ctypes": ctypes, "native": native, "pypy": pypy}
    return {name: goal if isinstance(goal, Goal) else Goal(goal) for name, goal in given.items()}  # fmt: skip


def nanoseconds(value: float) -> Goal:
    return Goal(value, absolute=True)


def nanoseconds_text(value: float) -> str:
    """Return a time with three digits and its unit."""
    for unit, size in (("ms", 1e6), ("us", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g} ns"


# fmt: off
# The modules are p (plain), b (beyond) and c (callers); o is another copy of f2pypy's callers.
GROUPS = (
    Group(
        "scalars",
        "scalars",
        goals(2.5, 0.4, 0.3),
        (
            Kind("subroutine ()", "p.nothing()", "answer is None"),
            Kind("double: float", "p.same(1.5)", "answer == 1.5"),
            Kind("single: float", "p.same_single(1.5)", "answer == 1.5"),
            Kind("integer: int", "p.same_integer(3)", "answer == 3"),
            Kind("integer(8): int", "p.same_long(3)", "answer == 3"),
            Kind("logical: bool", "p.same_logical(True)", "answer == True"),
            Kind("complex in, out", "p.twice(z)", "answer == 2 + 4j"),
            Kind(
                "4 in, 3 out",
                "p.exchange(1.0, 2.0, 3, 4)",
                "tuple(answer) == (2.0, 1.0, 7)",
            ),
            Kind("optional absent", "p.shifted(1.0)", "answer == 1.0"),
            Kind("optional present", "p.shifted(1.0, 2.0)", "answer == 3.0"),
        ),
    ),
    Group(
        "arrays",
        "arrays passed as they are",
        goals(4.5, 0.4, 0.5),
        (
            Kind("x(n), 3", "p.last(x3)", "answer == 3.0"),
            Kind("x(n), 10^3", "p.last(x1k)", "answer == 1e3"),
            Kind("x(n), 10^6", "p.last(x1m)", "answer == 1e6"),
            Kind("a(n,m), 3 x 3", "p.corner(f3)", "answer == 6.0"),
            Kind("inout", "p.bump(y)", "y[0] == 2.0"),
        ),
    ),
    Group(
        "elementals",
        "elemental functions, an element (f2py: numpy.vectorize)",
        goals(0.2, 0.2, 0.05),
        (
            Kind("x, 10^3", "each(x1k)", "answer[-1] == 1e6", 1000),
            Kind("x, 10^6", "each(x1m)", "answer[-1] == 1e12", 10**6),
        ),
    ),
    Group(
        "conversions",
        "lists, other dtypes, strided, NumPy scalars",
        goals(4, 0.9, 2),
        (
            Kind("double: np.float64", "p.same(f64)", "answer == 2.5"),
            Kind("double: int", "p.same(3)", "answer == 3.0"),
            Kind("integer: np.int32", "p.same_integer(i32)", "answer == 3"),
            Kind("integer: np.int64", "p.same_integer(i64)", "answer == 3"),
            Kind("x(n): list", "p.last(l3)", "answer == 3.0"),
            Kind("x(n): int64", "p.last(xi3)", "answer == 3.0"),
            Kind("x(n): float32", "p.last(xs3)", "answer == 3.0"),
            Kind("x(n): strided, 3", "p.last(xo)", "answer == 5.0"),
            Kind("a(n,m): C order, 3 x 3", "p.corner(c3)", "answer == 6.0"),
        ),
    ),
    Group(
        "shapes",
        "assumed shape, optional arrays",
        goals(7, 0.35, 0.4),
        (
            Kind("x(:), 3", "p.last_of(x3)", "answer == 3.0"),
            Kind("x(:): strided, 3", "p.last_of(xo)", "answer == 5.0"),
            Kind("a(:,:), Fortran order", "p.corner_of(f3)", "answer == 6.0"),
            Kind("a(:,:), C order", "p.corner_of(c3)", "answer == 6.0"),
            Kind("a(:,:,:)", "p.corner_of_cube(f333)", "answer == 18.0"),
            Kind("x(:) inout", "p.bump_of(y)", "y[0] == 2.0"),
            Kind("optional x(:) absent", "b.total_of()", "answer == -1.0", f2py=False),
            Kind("optional x(:) present", "b.total_of(x3)", "answer == 6.0", f2py=False),
        ),
    ),
    Group(
        "shape_conversions",
        "assumed shape: lists, other dtypes",
        goals(4, 0.9, 2),
        (
            Kind("x(:): list", "p.last_of(l3)", "answer == 3.0"),
            Kind("x(:): int64", "p.last_of(xi3)", "answer == 3.0"),
        ),
    ),
    Group(
        "characters",
        "characters in, out, arrays of them",
        goals(5, 0.4, 0.1),
        (
            Kind("character(*): str", 'p.length_of("abc")', "answer == 3"),
            Kind("character(*): bytes", 'p.length_of(b"abc")', "answer == 3"),
            Kind("character(8): str", 'p.length_of_eight("abc")', "answer == 3"),
            Kind("character(8): bytes", 'p.length_of_eight(b"abc")', "answer == 3"),
            Kind("character(8): array S8", "p.length_of_eight(s8)", "answer == 8"),
            Kind("character: bytes", 'p.code_of(b"a")', "answer == 97"),
            Kind("character(8) out", "p.spell(3)", 'text(answer) == b"xxx"'),
            Kind("c(n)*4", "p.length_of_last(s4)", "answer == 2"),
            Kind("c(n)*4, shorter ones", "p.length_of_last(short)", "answer == 2"),
            Kind("c(:)*(*)", "p.length_of_last_line(s4)", "answer == 2"),
            Kind("function character(n)", "b.letters(3)", 'text(answer) == b"xxx"', f2py=False),
            Kind("allocatable out", "b.greet()", 'answer == b"hello"', f2py=False),
        ),
    ),
    Group(
        "results",
        "array results",
        goals(4, 0.5, 1),
        (
            Kind("out y(n)", "p.ramp(3)", "answer.tolist() == [1.0, 2.0, 3.0]"),
            Kind("in, out, copy", "p.bumped(y)", "answer[0] == 2.0 and y[0] == 1.0"),
            Kind("2 scalars, 1 array out", "p.outline(x3)", "answer[1] == 3.0 and answer[2].tolist() == l3"),
            Kind("function r(n)", "p.doubled(3)", "answer.tolist() == [6.0] * 3"),
        ),
    ),
    Group(
        "large",
        "large arrays",
        {},
        (
            Kind("x(n): strided, 10^6", "p.last(x2m)", "answer == 2e6 - 1"),
            Kind("a(n,m): C order, 10^3 x 10^3", "p.corner(c1k)", "answer == 999e3"),
            Kind("x(:): strided, 10^6", "p.last_of(x2m)", "answer == 2e6 - 1"),
            Kind("a(:,:), C order, 10^3 x 10^3", "p.corner_of(c1k)", "answer == 999e3"),
            Kind("out y(n), 10^6", "p.ramp(1000000)", "answer[-1] == 1e6"),
        ),
    ),
    Group(
        "allocatables",
        "allocatable and pointer dummies",
        goals(nanoseconds(2000), nanoseconds(150), nanoseconds(4000)),
        (
            Kind("allocatable in", "b.last_of_allocatable(x3)", "answer == 3.0", f2py=False),
            Kind("allocatable out", "b.made(3)", "answer.tolist() == [3.0] * 3", f2py=False),
            Kind("allocatable inout", "b.bump_allocatable(y)", "answer[0] == 2.0", f2py=False),
            Kind("pointer in", "b.last_of_pointer(x3)", "answer == 3.0", f2py=False),
            Kind("allocatable result", "b.allocated_result(3)", "answer.tolist() == [6.0] * 3", f2py=False),
        ),
    ),
    Group(
        "reads",
        "module reads",
        goals(1.2, 1, nanoseconds(500)),
        (
            Kind("integer", "p.number", "answer == 3"),
            Kind("complex", "p.phase", "complex(answer) == 1 + 2j"),
            Kind("logical", "p.ready", "bool(answer) is True"),
            Kind("parameter", "p.limit", "answer == 7"),
            Kind("characters", "p.label", 'text(answer) == b"fields"'),
            Kind("array", "p.place", "answer.tolist() == [1.5] * 3"),
            Kind("element written", "p.place[0] = 1.5", "p.seen_place() == 4.5"),
            Kind("routine", "p.same", "answer(2.0) == 2.0"),
            Kind("common: integer", "store.counter", "answer == 0"),
            Kind("common: array", "store.held", "answer.tolist() == [0.0] * 3"),
        ),
    ),
    Group(
        "allocatable_reads",
        "allocatables read",
        goals(2, 0.5, nanoseconds(100)),
        (
            Kind("a(:)", "p.grid", "answer.tolist() == l3 and p.seen_grid()[0] == 3"),
            Kind("text", "b.text", 'text(answer) == b"hello"', f2py=False),
        ),
    ),
    Group(
        "writes",
        "module writes: numbers",
        goals(2.5, 0.3, nanoseconds(1000)),
        (
            Kind("integer", "p.number = 4", "p.seen_numbers()[0] == 4"),
            Kind("double", "p.weight = 2.5", "p.seen_numbers()[1] == 2.5"),
            Kind("complex", "p.phase = w", "p.seen_numbers()[2] == w"),
            Kind("logical", "p.ready = False", "not p.seen_numbers()[3]"),
            Kind("common: integer", "store.counter = 3", "seen_common() == 3"),
        ),
    ),
    Group(
        "array_writes",
        "module writes: arrays",
        goals(10, 0.7, nanoseconds(1000)),
        (
            Kind("array", "p.place = x3", "p.seen_place() == 6.0"),
            Kind("list", "p.place = l3", "p.seen_place() == 6.0"),
        ),
    ),
    Group(
        "character_writes",
        "module writes: characters",
        goals(4, 0.5, nanoseconds(1000)),
        (
            Kind("bytes of its length", 'p.label = b"abc     "', "p.seen_label()"),
            Kind("str of its length", 'p.label = "abc     "', "p.seen_label()"),
            Kind("shorter str", 'p.label = "abc"', "p.seen_label()"),
        ),
    ),
    Group(
        "allocatable_writes",
        "allocatables written, same size",
        goals(15, 1, nanoseconds(3000)),
        (
            Kind("a(:)", "p.grid = x3", "tuple(p.seen_grid()) == (3, 6.0)"),
            Kind("text", 'b.text = b"world"', "b.seen_text() == 5", f2py=False),
        ),
    ),
    Group(
        "resizes",
        "allocatables written, other size",
        goals(45, 3, nanoseconds(3000)),
        # two writes
        (
            Kind("a(:)", "p.grid = x3; p.grid = x2", "tuple(p.seen_grid()) == (2, 3.0)"),
        ),
    ),
    Group(
        "callbacks",
        "callbacks: f(x)",
        goals(2.8, 0.7, 0.25),
        (
            Kind("double f(x)", "c.sum_of(same, N)", "answer == N * (N + 1) / 2", CALLBACKS),
            Kind("integer f(i, j)", "c.count_of(product, N)", "answer == 3 * N * (N + 1) // 2", CALLBACKS),
            Kind("complex f(z)", "c.turn(same, N)", "answer == 1 + 2j", CALLBACKS),
        ),
    ),
    Group(
        "array_callbacks",
        "callbacks with arrays",
        goals(5, 0.5, 0.8),
        (
            Kind("slope = f(t, y)", "c.integrate(slope, N, x3)", "answer == 3.0 * N", CALLBACKS),
            Kind("value = f(y)", "c.minimize(value, N, x3)", "answer == 1.5 * N", CALLBACKS),
            Kind("f(y) changes y", "c.relax(change, N, x3)", "answer.tolist() == [9.0, 2.0, 3.0]", CALLBACKS),
        ),
    ),
    Group(
        "character_callbacks",
        "callbacks with characters",
        goals(6, 0.8, 1),
        (
            Kind("i = f(text)", "c.announce(hear, N)", "answer == 3 * N", CALLBACKS),
        ),
    ),
    Group(
        "setup",
        "a call that takes a callback",
        goals(2.5, 1, 0.1),
        (
            Kind("double f(x), once", "c.sum_of(same, 1)", "answer == 1.0"),
        ),
    ),
    Group(
        "exceptions",
        "500 callbacks after an exception",
        goals(40, 2, 5),
        (
            Kind("1 callback", "try: c.sum_of(fails, 1)\nexcept Failure: failed = True", "failed"),
            Kind("500 callbacks", "try: c.sum_of(fails, N)\nexcept Failure: failed = True", "failed"),
        ),
    ),
    Group(
        "machine_code",
        "machine code as callback",
        goals(nanoseconds(3), nanoseconds(3), nanoseconds(3)),
        (
            Kind("capsule", "c.sum_of(capsule, N)", "answer == HALVES", CALLBACKS),
            Kind("routine of the module", "c.sum_of(c.half, N)", "answer == HALVES", CALLBACKS),
            Kind("routine of another module", "c.sum_of(o.half, N)", "answer == HALVES", CALLBACKS, f2py=False),
            Kind("ctypes function", "c.sum_of(ctypes_half, N)", "answer == HALVES", CALLBACKS, f2py=False),
            Kind("numba cfunc", "c.sum_of(numba_half, N)", "answer == HALVES", CALLBACKS, f2py=False),
            Kind("LowLevelCallable", "c.sum_of(lowlevel_half, N)", "answer == HALVES", CALLBACKS, f2py=False),
        ),
    ),
)
# fmt: on
