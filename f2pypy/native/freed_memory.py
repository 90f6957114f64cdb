"""Memory that Fortran has freed in a call stays readable for a while, for an interrupt may leave its address behind.

Compilers free an array before they note that it is gone, and needn't note it at all where they allocate it again. A
call that is interrupted in between leaves a module variable with an address that Fortran, or Python, would free once
more. Functions in the slots of a library therefore keep the last blocks that a guarded call has freed until it returns;
after an interrupt they are lost, and variables that still lead to them become unallocated. Large blocks are freed at
once: there are too few of them to be hit, and they matter.

Where a signal waits for a chance to interrupt the call, allocating is one: what Fortran has allocated so far is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ctypes import c_uint64, string_at
from typing import Any

from llvmlite import ir
from numpy import flatnonzero, frombuffer, isin

from f2pypy.native.code import INT, LONG, NOTHING, NULL, OBJECT, Code, NotNative
from f2pypy.native.layouts import word_at
from f2pypy.native.records import (
    BLOCKS,
    FREED,
    MOST_FREED,
    address_of,
    record_of_thread,
)

LARGE = 1 << 20  # bytes
_WRITABLE = 2  # elf.h's PF_W
_AT_ONCE = 1 << 17  # words that are looked at, of memory that may be large
ALLOCATE = ir.FunctionType(OBJECT, [LONG])
FREE = ir.FunctionType(NOTHING, [OBJECT])
REALLOCATE = ir.FunctionType(OBJECT, [OBJECT, LONG])
SIZE_OF = ir.FunctionType(LONG, [OBJECT])
CALLER = ir.FunctionType(OBJECT, [INT])
CHANCE = ir.FunctionType(NOTHING, [OBJECT, LONG])
FUNCTIONS = {"malloc": ALLOCATE, "free": FREE, "realloc": REALLOCATE}


def write_functions(module: Any, asked: Any, furthest: Any, chance: Any) -> list[str]:
    """Write what belongs into the slots, and ``flush``; return their names.

    The word at `asked` isn't zero while a signal waits; then `chance` takes the record of a call and an address in the
    code that allocates. The word at `furthest` becomes zero in each of the functions, see `f2pypy.native.code_ranges`.
    """
    functions = {
        name: ir.Function(module, kind, f"kept_{name}")
        for name, kind in FUNCTIONS.items()
    }
    keep = ir.Function(module, ir.FunctionType(NOTHING, [OBJECT, OBJECT]), "keep")
    flush = ir.Function(module, FREE, "flush")
    _write_keep(begun(keep))
    _write_flush(begun(flush))
    codes = {name: begun(each) for name, each in functions.items()}
    for code in codes.values():
        code.builder.store(ir.Constant(LONG, 0), furthest)
    _write_malloc(codes["malloc"], asked, chance)
    _write_free(codes["free"], keep)
    _write_realloc(codes["realloc"], keep, asked, chance)
    return [*(each.name for each in functions.values()), flush.name]


def put_into_slots(libraries: Sequence[Any], addresses: Any, write_slot: Any) -> None:
    """Have libraries call the functions, where they call the C library's: `addresses` has ours by their names.

    Raises NotNative where a library calls others, which would free at once what an interrupt leaves behind.
    """
    ours = {name: addresses[f"kept_{name}"] for name in FUNCTIONS}
    replaced = {*ours.values(), *_functions_of_process(libraries)}
    found = []
    for library in libraries:
        own = [(start, start + size) for start, size in library.segments(1)]
        for name, slot in library.slots(FUNCTIONS):
            former = word_at(slot)
            # the loader finds a function when it is first called, and its own code stands there until then
            is_open = any(start <= former < end for start, end in own)
            if not is_open and former not in replaced:
                raise NotNative(f"Fortran with another {name} than the C library's")
            found.append((slot, ours[name]))
    for each in found:
        write_slot(*each)


def _functions_of_process(libraries: Sequence[Any]) -> set[int]:
    """Return where FUNCTIONS are to libraries of the process.

    A program at a fixed address, such as Debian's Python, has stubs whose addresses are those of the functions, for
    whoever asks (x86-64 psABI, Function Addresses). Calls don't go there: the loader gives libraries what it gives the
    program for its calls.
    """
    programs = [
        each
        for library in libraries[:1]
        for each in library.all_loaded()
        if not each.previous
    ]
    called = {word_at(slot) for each in programs for _, slot in each.slots(FUNCTIONS)}
    return {*called, *map(address_of, FUNCTIONS)}


def flush_if_any(code: Code, record: Any, flush: int) -> None:
    """Free what a call has kept, which returns or has stopped."""
    flushing, after = code.block("flushing"), code.block("flushed")
    count = code.load(record, 8 * FREED, LONG)
    is_none = code.builder.icmp_signed("==", count, ir.Constant(LONG, 0))
    code.builder.cbranch(is_none, after, flushing)
    code.builder.position_at_end(flushing)
    code.call_address(flush, FREE, [record])
    code.builder.branch(after)
    code.builder.position_at_end(after)


def begun(function: Any) -> Code:
    """Begin a function of C's kind."""
    entry, start = (function.append_basic_block(each) for each in ("entry", "start"))
    builder = ir.IRBuilder(entry)
    builder.branch(start)
    builder.position_at_end(start)
    return Code(builder, None, entry, {})


def _block_at(code: Code, record: Any, place: Any) -> Any:
    blocks = code.at(record, 8 * BLOCKS, OBJECT)
    return code.builder.gep(blocks, [place])


def _write_keep(code: Code) -> None:
    """Write what keeps a block for the call of a record, and frees the one that has been kept for longest."""
    record, block = code.builder.function.args
    builder = code.builder
    size = code.call_address(address_of("malloc_usable_size"), SIZE_OF, [block])
    large = code.block("large")
    is_small = builder.icmp_unsigned("<", size, ir.Constant(LONG, LARGE))
    code.go_on_if(is_small, large)
    count = code.load(record, 8 * FREED, LONG)
    place = _block_at(
        code, record, builder.and_(count, ir.Constant(LONG, MOST_FREED - 1))
    )
    is_full = builder.icmp_unsigned(">=", count, ir.Constant(LONG, MOST_FREED))
    oldest = builder.select(is_full, builder.load(place), NULL)
    builder.store(block, place)
    builder.store(
        builder.add(count, ir.Constant(LONG, 1)), code.at(record, 8 * FREED, LONG)
    )
    code.call_address(address_of("free"), FREE, [oldest])
    builder.ret_void()
    with code.branch(large):
        code.call_address(address_of("free"), FREE, [block])
        builder.ret_void()


def _write_flush(code: Code) -> None:
    (record,) = code.builder.function.args
    builder = code.builder
    count, most = code.load(record, 8 * FREED, LONG), ir.Constant(LONG, MOST_FREED)
    last = builder.select(builder.icmp_unsigned("<", count, most), count, most)
    with code.each(ir.Constant(LONG, 0), last) as place:
        block = builder.load(_block_at(code, record, place))
        code.call_address(address_of("free"), FREE, [block])
    builder.store(ir.Constant(LONG, 0), code.at(record, 8 * FREED, LONG))
    builder.ret_void()


def forget(record: int, libraries: Iterable[Any]) -> None:
    """Let variables of libraries that still lead to what an interrupted call has freed be unallocated.

    Their bounds may be those of the next allocation already. The libraries don't use the blocks' addresses otherwise:
    nothing else has been there since.
    """
    count = min(word_at(record + 8 * FREED), MOST_FREED)
    blocks = frombuffer(string_at(record + 8 * BLOCKS, 8 * count), "u8")
    if not count:
        return
    for library in libraries:
        for start, size in library.segments(_WRITABLE):
            first = start + -start % 8
            count = max(0, start + size - first) // 8
            words = frombuffer((c_uint64 * count).from_address(first), "u8")
            for at in range(0, len(words), _AT_ONCE):
                part = words[at : at + _AT_ONCE]
                near = flatnonzero((part >= blocks.min()) & (part <= blocks.max()))
                part[near[isin(part[near], blocks)]] = 0


def _write_free(code: Code, keep: Any) -> None:
    (block,) = code.builder.function.args
    record = record_of_thread(code)
    outside = code.block("outside")
    is_kept = code.builder.and_(code.is_given(record), code.is_given(block))
    code.go_on_if(is_kept, outside)
    code.builder.call(keep, [record, block])
    code.builder.ret_void()
    with code.branch(outside):
        code.call_address(address_of("free"), FREE, [block])
        code.builder.ret_void()


def _give_chance(code: Code, asked: Any, chance: Any) -> None:
    """Let a signal that waits interrupt the call that the thread is in."""
    builder = code.builder
    waiting, after = code.block("waiting"), code.block("going_on")
    is_asked = builder.icmp_signed("!=", builder.load(asked), ir.Constant(LONG, 0))
    builder.cbranch(is_asked, waiting, after)
    builder.position_at_end(waiting)
    module, name = builder.module, "llvm.returnaddress"
    caller = module.globals.get(name) or ir.Function(module, CALLER, name)
    place = builder.ptrtoint(builder.call(caller, [ir.Constant(INT, 0)]), LONG)
    builder.call(chance, [record_of_thread(code), place])
    builder.branch(after)
    builder.position_at_end(after)


def _write_malloc(code: Code, asked: Any, chance: Any) -> None:
    _give_chance(code, asked, chance)
    made = code.call_address(address_of("malloc"), ALLOCATE, code.builder.function.args)
    code.builder.ret(made)


def _write_realloc(code: Code, keep: Any, asked: Any, chance: Any) -> None:
    """Write what moves a small block in a guarded call, unless it is large enough, and keeps the former one.

    Only where there is no block yet a signal has its chance: compilers store an array's bounds before they move it.
    """
    block, size = code.builder.function.args
    builder = code.builder
    moving, making = code.block("moving"), code.block("making")
    builder.cbranch(code.is_given(block), moving, making)
    builder.position_at_end(making)
    _give_chance(code, asked, chance)
    builder.branch(moving)
    builder.position_at_end(moving)
    record = record_of_thread(code)
    outside = code.block("outside")
    code.go_on_if(builder.and_(code.is_given(record), code.is_given(block)), outside)
    room = code.call_address(address_of("malloc_usable_size"), SIZE_OF, [block])
    is_small = builder.icmp_unsigned("<", room, ir.Constant(LONG, LARGE))
    code.go_on_if(
        builder.and_(is_small, builder.icmp_unsigned(">", size, ir.Constant(LONG, 0))),
        outside,
    )
    fits = code.block("fits")
    code.go_on_if(builder.icmp_unsigned(">", size, room), fits)
    made = code.call_address(address_of("malloc"), ALLOCATE, [size])
    failed = code.block("failed")
    code.go_on_if(code.is_given(made), failed)
    code.copy_memory(made, block, room)
    builder.call(keep, [record, block])
    builder.ret(made)
    for target, value in ((fits, block), (failed, NULL)):
        with code.branch(target):
            builder.ret(value)
    with code.branch(outside):
        builder.ret(code.call_address(address_of("realloc"), REALLOCATE, [block, size]))
