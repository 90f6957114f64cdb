"""A declaration that can't be understood costs its routine, with its place: never the run, nor another routine."""

from __future__ import annotations

import random
import re
import signal
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from f2pypy import pipeline
from f2pypy.building.sources import Source
from f2pypy.command import cli
from f2pypy.diagnostics import Diagnostics, F2pypyError
from f2pypy.expressions.c_tokens import KEYWORDS
from f2pypy.options import Options
from f2pypy.pipeline import Generated
from f2pypy.reading.forms import guess_form
from f2pypy.signatures.writer import write_signature

ROOT = Path(__file__).parent.parent
SOUND = "subroutine sound(n)\ninteger :: n\nend subroutine\n"
OPTIONS = Options(runtime="import")
FAULT = "a fault of f2pypy"


def from_signature(text: str) -> Generated:
    """What a signature file with these routines gives."""
    whole = f"python module m\ninterface\n{text}end interface\nend python module\n"
    return pipeline.generate_module(whole, "f.pyf", OPTIONS)


def source_of(text: str, path: str = "f.f90") -> Source:
    return Source(Path(path), text, guess_form(path, text))


def from_fortran(text: str) -> Generated:
    """What a Fortran source gives."""
    return pipeline.generate_from_sources([source_of(text)], OPTIONS, Diagnostics())


def through_signature(text: str) -> Generated:
    """What a Fortran source gives by way of the signature file that is written of it."""
    library = pipeline.resolve_sources([source_of(text)], OPTIONS, Diagnostics())
    return pipeline.generate_module(write_signature(library), "f.pyf", OPTIONS)


# the declarations of a routine f(x), and whether it is left out by signature files and sources
FAULTS = {
    "name with a dollar": "integer :: a$b\nreal :: x(a$b)",
    "deferred length": "character(len=:) :: x",
    "deferred length of an array": "character(len=:) :: x(3)",
    "unknown kind": "real(kind=qp) :: x",
    "no such kind": "real(7) :: x",
    "unbalanced": "real :: x(3",
    "no extent": "real, dimension() :: x",
    "half an expression": "real :: x(3+)",
    "no name": "real, intent(in) :: ",
    "a number as a name": "real :: x, 3y",
    "a binding without a quote": 'integer, bind(c, name="x) :: x',
    "a huge number": "real :: x(99999999999999999999999)",
    "a huge exponent": "real :: x(int(1e999999))",
    "a power": "real :: x(2**2**2**2**2**2)",
    "a division by zero": "real :: x(1/0)",
    "characters beyond ASCII": "real :: x\nreal :: é",
    "a dummy beyond ASCII": "real :: x(é)",
}


@pytest.mark.parametrize("reading", [from_signature, from_fortran])
@pytest.mark.parametrize("declarations", FAULTS.values(), ids=FAULTS)
def test_a_faulty_declaration_costs_its_routine(
    declarations: str, reading: Callable[[str], Generated]
) -> None:
    text = f"subroutine f(x)\n{declarations}\nend subroutine\n{SOUND}"
    generated = reading(text)
    assert "sound" in generated.wrapped
    for message in generated.skipped:
        assert message.span.line > 0
        assert FAULT not in message.message
    if "f" not in generated.wrapped:
        assert any("f is left out" in each.message for each in generated.skipped)


# descriptions of which nothing is left
LOST = {
    "a fault": "subroutine f(x)\nreal(7) :: x\nend subroutine\n",
    "two routines": "subroutine f(x)\nreal(7) :: x\nend subroutine\n"
    "subroutine g(x)\nreal(16) :: x\nend subroutine\n",
    "only printing fails": "subroutine f(x)\ntype(t) :: x\nend subroutine\n",
}


@pytest.mark.parametrize("reading", [from_signature, from_fortran])
@pytest.mark.parametrize("text", LOST.values(), ids=LOST)
def test_a_file_of_which_nothing_is_left_fails(
    text: str, reading: Callable[[str], Generated]
) -> None:
    """Its messages are errors, one for each reason; a variable or a routine that is left makes a module."""
    with pytest.raises(F2pypyError) as caught:
        reading(text)
    found = caught.value.diagnostics
    assert len(found) == text.count("end subroutine")
    assert all(each.span.line > 0 for each in found)
    assert all("is left out: " in each.message for each in found)
    assert reading(text + SOUND).wrapped == ("sound",)


def test_the_command_line_fails_where_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lost = LOST["a fault"]
    whole = f"python module m\ninterface\n{lost}end interface\nend python module\n"
    Path("f.pyf").write_text(whole)
    Path("f.f90").write_text(lost)
    for words in (["f.pyf"], ["-m", "m", "f.f90"], ["-m", "m", "-h", "m.pyf", "f.f90"]):
        assert cli.run(words) == cli.BAD_INPUT
        output = capsys.readouterr()
        assert "f is left out: " in output.err
        assert not output.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.f90", "f.pyf"]


def test_a_module_of_which_only_variables_are_left() -> None:
    lost = LOST["a fault"]
    for text in (
        f"module m\ninteger :: n\ncontains\n{lost}end module\n",
        f"module m\nend module\n{lost}block data\ncommon /c/ n\nend block data\n",
    ):
        assert from_fortran(text).wrapped == ()
    with pytest.raises(F2pypyError):
        from_fortran(f"module m\ncontains\n{lost}end module\n")
    # a file that describes nothing, or of which nobody wants anything, is no fault
    assert from_signature("").wrapped == ()
    options = replace(OPTIONS, skip=("f",))
    text = f"python module m\ninterface\n{lost}end interface\nend python module\n"
    assert pipeline.generate_module(text, "f.pyf", options).wrapped == ()


@pytest.mark.parametrize("reading", [from_signature, from_fortran])
def test_names_that_python_lacks(reading: Callable[[str], Generated]) -> None:
    generated = reading(f"subroutine f(a$b)\ninteger :: a$b\nend\n{SOUND}")
    assert generated.wrapped == ("sound",)
    (message, *_) = generated.skipped
    assert message.span.line in (1, 2, 3, 4)


def test_constants_whose_type_does_not_fit() -> None:
    text = f"module m\ncharacter(*), parameter :: k = 4\ninteger :: n\ncontains\n{SOUND}end module\n"
    generated = from_fortran(text)
    (message,) = generated.skipped
    assert (message.span.line, message.message) == (
        2, "m.k is left out: the length of 'k' isn't constant"
    )  # fmt: skip
    assert "FortranModule" in generated.text


def test_blanks_in_a_number() -> None:
    for reading in (from_signature, from_fortran):
        generated = reading("subroutine f(x)\nreal(kind(1d\t0)) :: x\nend subroutine\n")
        assert generated.wrapped == ("f",)


SLIPS = """subroutine f(n, m, k, x, c)
integer (check n>0) :: n
integer intent(in), (check m>0) :: m
integer intent(hide), (depend n) :: k = 3
optional real*8 intent(in) :: x = 2.5
optional character, intent(in) :: c = 'u'
return
end subroutine
"""


def test_what_f2py_skips_costs_no_routine() -> None:
    """Attributes in brackets, types after an attribute, and executable statements that say nothing of arguments."""
    generated = from_signature(SLIPS)
    assert generated.wrapped == ("f",)
    assert "def f(n: int, m: int, x: float | None = 2.5, c: " in generated.text
    assert "    k = 3\n" in generated.text
    said = [(each.span.line, each.message) for each in generated.warnings]
    assert said == [
        (4, "'(check n>0)' is ignored; did you mean 'check(n>0)'?"),
        (5, "'(check m>0)' is ignored; did you mean 'check(m>0)'?"),
        (6, "'(depend n)' is ignored; did you mean 'depend(n)'?"),
        (7, "the type is expected before its attributes"),
        (8, "the type is expected before its attributes"),
    ]
    # in the same words as directives of a source
    directives = "\n".join(f"!f2py {line}" for line in SLIPS.splitlines()[1:-2])
    declared = "integer n, m, k\nreal(8) x\ncharacter c"
    body = f"subroutine f(n, m, k, x, c)\n{directives}\n{declared}\nend subroutine\n"
    for reading in (from_fortran, through_signature):
        generated = reading(body)
        assert "def f(n: int, m: int, x: float | None = 2.5, c: " in generated.text
        assert "    k = 3\n" in generated.text


WITHOUT_COLONS = """subroutine f(n, m, x, y, value, z)
integer intent(hide) n
integer, optional, intent(in), check(m>0) m = 4
double precision intent(in,out) x(m), y
real*8 value, z
end subroutine
"""


def test_attributes_without_colons_before_the_names() -> None:
    """f2py reads such a directive as one without attributes."""
    generated = from_signature(WITHOUT_COLONS)
    assert generated.wrapped == ("f",)
    assert (
        "def f(x: ArrayLike, y: float, value: float, z: float, m: int" in generated.text
    )
    said = [(each.span.line, each.message) for each in generated.warnings]
    assert said == [
        (number, "'::' is missing between the attributes and the names")
        for number in (4, 5, 6)
    ]
    directives = "\n".join(
        f"!f2py {line}" for line in WITHOUT_COLONS.splitlines()[1:-1]
    )
    declared = "integer n, m\nreal(8) x(m), y, value, z"
    body = f"subroutine f(n, m, x, y, value, z)\n{directives}\n{declared}\nend subroutine\n"
    again = from_fortran(body)
    assert again.wrapped == ("f",)
    assert "def f(x: ArrayLike, y: float, value: float, z: float, m: int" in again.text
    # compilers refuse it
    assert from_fortran(WITHOUT_COLONS + SOUND).wrapped != ("f",)


PARENTHESES = """subroutine f(x, y, z)
double precision(3), dimension(3), intent(out) :: x
double precision(kind=4) y
double complex(2), intent(in) :: z
end subroutine
"""


def test_parentheses_after_a_type_without_kinds() -> None:
    generated = from_signature(PARENTHESES)
    assert generated.wrapped == ("f",)
    assert '"void (out double [3], double *, double complex *)"' in generated.text
    assert [(each.span.line, each.message) for each in generated.warnings] == [
        (4, "double precision has no kinds: '(3)' is ignored"),
        (5, "double precision has no kinds: '(kind=4)' is ignored"),
        (6, "double complex has no kinds: '(2)' is ignored"),
    ]
    directives = "\n".join(f"!f2py {line}" for line in PARENTHESES.splitlines()[1:-1])
    declared = "double precision x(3), y\ncomplex(8) z"
    body = f"subroutine f(x, y, z)\n{directives}\n{declared}\nend subroutine\n"
    assert from_fortran(body).wrapped == ("f",)
    # compilers refuse it
    assert from_fortran(PARENTHESES + SOUND).wrapped != ("f",)


def test_dollars_in_names_of_executable_statements() -> None:
    body = "subroutine f(x)\nreal x, a$b\na$b = x\nx = a$b\nend\n"
    other = "subroutine sys$f(x)\nreal x\nx = 2\nend\n"
    generated = from_fortran(body + other)
    assert generated.wrapped == ("f",)
    (said,) = generated.skipped
    assert said.message.startswith(
        "sys$f is left out: 'sys$f' can't be a name in Python"
    )


def test_a_misspelt_statement_names_the_one_that_was_meant() -> None:
    (said,) = from_signature(f"subroutine f(n)\nintegr n\nend\n{SOUND}").skipped
    assert said.message.endswith("in subroutine 'f': 'integr n'; did you mean 'integer'?")  # fmt: skip
    body = "subroutine f(n)\ninteger n\n!f2py depends(n) n\n!f2py 1 see below\nend\n"
    generated = from_fortran(body)
    assert generated.wrapped == ("f",)
    assert [each.message for each in generated.warnings] == [
        "unknown statement in a directive: 'depends(n) n'; did you mean 'depend'?",
        "unknown statement in a directive: '1 see below'",
    ]
    # what is spelt right may be near to a word of signature files: print to private, allocate to allocatable
    for statement in ("print *, n", "WRITE(*,*) n", "allocate(n)", "continue = 1"):
        (said,) = from_signature(f"subroutine f(n)\n{statement}\nend\n{SOUND}").skipped
        assert said.message.endswith(f"in subroutine 'f': {statement!r}")


def test_brackets_that_hold_no_attribute() -> None:
    for kind in ("(kind 4)", "(checked n)", "(check)"):
        generated = from_signature(f"subroutine f(n)\ninteger {kind} :: n\nend\n{SOUND}")  # fmt: skip
        assert generated.wrapped == ("sound",)
    fortran = from_fortran(f"subroutine f(n)\ninteger (check n>0) :: n\nend\n{SOUND}")
    assert generated.wrapped == fortran.wrapped == ("sound",)


@pytest.mark.parametrize(
    "code",
    ["int k(a, b) int a; int b; { return a; }", "int k(a, b) { return 1; }", "k() {}"],
)
def test_functions_of_old_c(code: str) -> None:
    checked = "subroutine f(n)\ninteger, check(k(n, 1)) :: n\nend subroutine\n"
    generated = from_signature(f"usercode '''{code}'''\n{SOUND}{checked}")
    assert generated.wrapped == ("sound",)
    (message,) = generated.skipped
    assert message.message.startswith("f is left out: ")


def test_callbacks_handed_on_a_thousand_times() -> None:
    hand = "subroutine s{}(f)\nexternal f\ncall s{}(f)\nend subroutine\n"
    chain = "".join(hand.format(k, k + 1) for k in range(1000))
    last = "subroutine s1000(f)\nexternal f\nreal x\ncall f(x)\nend subroutine\n"
    assert len(from_fortran(chain + last).wrapped) == 1001
    circle = hand.format(1, 2) + hand.format(2, 1)
    generated = from_fortran(circle + SOUND)
    assert generated.wrapped == ("sound",)
    assert len(generated.skipped) == 2


# statements outside of routines, and what is left out for them beside what they name
OUTSIDE = {
    "a type": ("integer :: width(", "width", set()),
    "a kind": ("real(kind=) :: x", "x", set()),
    "an extent": ("common /b/ y, x(3,)", "b, x, y", set()),
    "what a common block needs": ("common /b/ y, x\ndimension x(3", "x", {"b"}),
    "a constant": ("integer, parameter :: k = 3\nparameter (n = )", "n", {"g"}),
    "an extent's own name": ("integer, parameter :: n = 3\nreal x(n", "x", set()),
    "data": ("data x /3", "x", set()),
    "storage": ("equivalence (x, y", "x, y", set()),
    "an attribute": ("dimension x(", "x", set()),
    "an enumerator": ("enum, bind(c)\nenumerator :: n =\nend enum", "n", {"g"}),
    "an intent": ("intent(in x", "this statement", set()),
    "a variable of a module": (
        "module geo\ninteger v, w(\ninteger u\nend module", "v, w", set()
    ),
    "a callback": (
        "python module m__user__routines\ninterface\nsubroutine h(x)\nreal x(\nend\nend interface\nend",
        "h", {"f"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "lost", "others"), OUTSIDE.values(), ids=OUTSIDE
)
def test_a_faulty_declaration_outside_of_routines(
    statements: str, lost: str, others: set[str]
) -> None:
    """It costs the names in it and what needs them."""
    needing = {
        "f": "subroutine f(h)\nuse m__user__routines\nexternal h\nend subroutine\n",
        "g": "subroutine g(a)\nreal a(n)\nend subroutine\n",
    }
    rest = "".join(needing.get(name, "") for name in others)
    rest = f"integer z\ncommon /c/ z\n{rest}{SOUND}"
    generated = from_signature(f"{statements}\n{rest}")
    assert generated.wrapped == ("sound",)
    found = [each.message.partition(" is left out: ")[0] for each in generated.skipped]
    assert found[0] == lost
    assert set(found[1:]) == others - {"b"}
    assert all(each.span.line > 2 for each in generated.skipped)
    objects = re.findall(r"^(\w+) = _\1\(_library", generated.text, re.M)
    assert [name for name in objects if name != "geo"] == ["c"]
    if "geo" in statements:
        assert "\n    u = Variable(" in generated.text
        assert "\n    v = Variable(" not in generated.text


def test_statements_that_others_depend_on_are_errors() -> None:
    for statement in ("implicit real*8 (a-", "integr :: n", "subroutine (x)"):
        with pytest.raises(F2pypyError):
            from_signature(f"{statement}\n{SOUND}")


def test_code_blocks_may_be_empty() -> None:
    for keyword in ("usercode", "pymethoddef"):
        generated = from_signature(f"{keyword} '''\n'''\n{SOUND}")
        assert generated.wrapped == ("sound",)
        assert not generated.skipped


# Words that C keeps for itself, and names that f2py's users take for types.
WORDS = sorted(
    [w for w in KEYWORDS if w[0].islower()]
    + [
        "size_t",
        "npy_intp",
        "f_int",
        "int64_t",
        "ptrdiff_t",
        "long_long",
        "complex_double",
    ]
)


@pytest.mark.parametrize("reading", [from_signature, from_fortran, through_signature])
def test_words_of_c_as_arguments(reading: Callable[[str], Generated]) -> None:
    """They are variables where they are declared: in extents, defaults and checks."""
    routine = (
        "subroutine f_{0}({0}, x, y, z)\ninteger :: {0}\nreal(8) :: x({0})\n"
        "real(8), dimension(2*{0}+1) :: y\nreal(8), intent(inout) :: z(0:{0}, {0})\nend subroutine\n"
    )
    generated = reading("".join(routine.format(word) for word in WORDS))
    assert not generated.skipped
    assert set(generated.wrapped) == {f"f_{word}" for word in WORDS}


def test_words_of_c_in_checks_and_calls() -> None:
    routine = (
        "subroutine f_{0}({0}, x)\ninteger, optional, depend(x), check({0} <= len(x)) :: {0} = len(x)\n"
        "real(8), dimension({0} > 0 ? {0} : 1) :: x\ncallstatement (*f2py_func)(&{0}, x)\n"
        "callprotoargument int*, double*\nend subroutine\n"
    )
    generated = from_signature("".join(routine.format(word) for word in WORDS))
    # optional arguments that extents need: f2py's own order
    reasons = {each.message for each in generated.skipped}
    assert not {r for r in reasons if "can't be read" in r or "ends too early" in r}
    plain = from_signature(routine.format("n"))
    assert bool(plain.wrapped) == bool(generated.wrapped)


# Mutations.

TOKEN = re.compile(r"[A-Za-z_]\w*|\d+|\s+|'[^'\n]*'|.", re.DOTALL)
STRANGE = re.split(
    r"\s+",
    r"""$ % & * ( ) / = => :: : , " ' ! ? [ ] { } < > . -1 0 99999999999999999999 1d400 é int short kind len # @ \ a$b
    .. (/ /) // ** .and. end if do null() import class(*) procedure() character(len=:) character(*) dimension(:)
    dimension(..) intent(out) optional value allocatable pointer parameter external enum,bind(c)""",
)


def mutated(text: str, pool: list[str], random_: random.Random) -> str:
    """A text with a few tokens or lines lost, doubled, exchanged or replaced."""
    tokens = TOKEN.findall(text)
    for _ in range(random_.choice([1, 1, 1, 2, 3])):
        at = random_.randrange(len(tokens))
        match random_.randrange(6):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, tokens[at])
            case 2:
                tokens[at] = random_.choice(pool)
            case 3:
                tokens[at] = random_.choice(STRANGE)
            case 4:
                other = random_.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case _:
                lines = "".join(tokens).split("\n")
                lines.insert(
                    random_.randrange(len(lines)),
                    lines.pop(random_.randrange(len(lines))),
                )
                tokens = TOKEN.findall("\n".join(lines))
    return "".join(tokens)


def interrupt(number: int, frame: types.FrameType | None) -> None:
    raise KeyboardInterrupt(f"signal {number}: it takes too long")


@pytest.mark.parametrize("suffix", [".pyf", ".f", ".f90"])
def test_mutated_sources(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever becomes of a file, it is wrapped or refused with places, by sources, signature files and ``-h``."""
    paths = [*ROOT.glob(f"fortran/*{suffix}"), *ROOT.glob(f"tests/**/*{suffix}")]
    paths = sorted(p for p in paths if 0 < p.stat().st_size < 8000)
    previous = signal.signal(signal.SIGALRM, interrupt)
    try:
        for path in paths:
            text = path.read_text("utf-8")
            pool = [token for token in TOKEN.findall(text) if token.strip()]
            # a seed for each file: what is done to it depends on no other file
            text = mutated(text, pool, random.Random(path.name))
            signal.alarm(60)
            try:
                generated = generate_all(text, suffix)
            except F2pypyError:
                continue
            for message in generated.skipped:
                assert FAULT not in message.message, f"{message.format()}\n{text}"
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def generate_all(text: str, suffix: str) -> Generated:
    """The module of a text; its signature file can be written, too."""
    if suffix == ".pyf":
        library = pipeline.resolve_signature(text, "f.pyf", OPTIONS, Diagnostics())
        write_signature(library)
        return pipeline.generate_module(text, "f.pyf", OPTIONS)
    source = source_of(text, f"f{suffix}")
    write_signature(pipeline.resolve_sources([source], OPTIONS, Diagnostics()))
    return pipeline.generate_from_sources([source], OPTIONS, Diagnostics())


# what neither a routine nor a callback can have, and what the message says
REFUSED = {
    "coarray": ("real, codimension[*] :: x", "'x' is a coarray"),
    "derived type": ("type(point) :: x", "'x' is of derived type 'point'"),
    "deferred length": ("character(len=:) :: x", "the length ':' of 'x' needs an allocatable or a pointer"),
}  # fmt: skip


@pytest.mark.parametrize(("declaration", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_callback_refuses_what_a_routine_refuses(
    declaration: str, reason: str
) -> None:
    routine = f"subroutine f(x)\n{declaration}\nend subroutine\n"
    with pytest.raises(F2pypyError, match=re.escape(f"f is left out: {reason}")):
        from_fortran(routine)
    caller = f"subroutine s(f)\ninterface\n{routine}end interface\ncall f(1)\nend subroutine\n"
    with pytest.raises(F2pypyError, match=re.escape(f"s is left out: {reason}")):
        from_fortran(caller)
