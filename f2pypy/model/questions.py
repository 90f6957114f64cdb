"""What compiled functions are asked, because Python can't compute it."""

from __future__ import annotations

from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Span
from f2pypy.model.types import DataType


@dataclass(frozen=True)
class SharedName:
    """The name of a module under a `local` name; `own` says that the routine itself, and not its module, uses it."""

    module: str
    name: str
    local: str
    intrinsic: bool = False
    own: bool = False


@dataclass(frozen=True)
class CommonView:
    """A common block as one routine declares it: names, types and constant extents; `block` "" is the blank one."""

    block: str
    members: tuple[tuple[str, DataType, tuple[int, ...]], ...]


@dataclass(frozen=True)
class FunctionInterface:
    """The interface of a pure function: its dummies with their dimensions as written, None for scalars."""

    name: str
    result: DataType
    dummies: tuple[tuple[str, DataType, tuple[str, ...] | None], ...]


@dataclass(frozen=True)
class Question:
    """An extent, or a length of characters, that a compiled function computes.

    `dimension` is the dimension or the length as the source writes it. `dummies` are the arguments that it needs with
    the lower bounds of arrays, None for scalars; `constants` the named integers with their values and kinds, None for
    the default one; `own` the declarations of other constants, and of variables, that the routine has itself. `host`
    is the module in whose submodule the function stands, "" where every name is public.
    """

    name: str
    dimension: str
    is_length: bool
    dummies: tuple[tuple[str, DataType, tuple[str, ...] | None], ...]
    uses: tuple[SharedName, ...]
    commons: tuple[CommonView, ...]
    constants: tuple[tuple[str, int, int | None], ...]
    own: tuple[str, ...]
    interfaces: tuple[FunctionInterface, ...]
    span: Span = field(compare=False)
    host: str = ""
