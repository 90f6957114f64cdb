"""Character arguments longer than one: padding, cutting, writing back, and the texts of refusals."""

import ctypes
import threading

import numpy as np
import pytest

from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.routines import text_content, text_memory
from f2pypy.runtime.strings import (
    allocate_string,
    blank_text,
    string,
    string_result,
    text_bytes,
    write_string,
)


class ModuleError(Exception):
    pass


def convert(value, length=5, default=b""):
    return string(value, length, default, "m.f", "1st argument", "s")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("abc", b"abc  "),
        ("abcdefg", b"abcde"),
        (b"ab\0", b"ab   "),
        (b"a b\0 c", b"a b  "),
        ("\0a", b"     "),
        (5, b"5    "),
        (1.5, b"1.5  "),
        (["a"], b"['a']"),
        (bytearray(b"xy"), b"bytea"),
        (np.bytes_(b"q"), b"q    "),
        (np.array(b"abc"), b"abc  "),
        (np.array([b"ab", b"cd"]), b"abcd "),
        (np.array("abc"), b"abc  "),
        (np.array(["ab", "c"]), b"abc  "),
        (np.array("abc", object), b"abc  "),
        (np.arange(65, 68, dtype="u1"), b"ABC  "),
        (np.zeros(0, "S1"), b"     "),
        (None, b"     "),
    ],
)
def test_fixed_length(value, expected):
    memory = convert(value)
    assert memory.tobytes() == expected
    assert memory.flags.writeable
    content = text_bytes(value, 5, b"", "m.f", "1st argument", "s")
    assert type(content) is bytes
    assert content == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("abc", b"abc"),
        ("", b""),
        (b"ab\0", b"ab "),
        (np.array([b"ab", b"cd"]), b"abcd"),
        (None, b"dflt"),
        (5, b"5"),
    ],
)
def test_assumed_length(value, expected):
    assert convert(value, -1, b"dflt").tobytes() == expected
    assert text_bytes(value, -1, b"dflt", "m.f", "1st argument", "s") == expected


@pytest.mark.parametrize("content", [b"", b"q", b"ab\0", b"x" * 254, b"x" * 5000])
def test_memory_for_fortran(content):
    memory = text_memory(content)
    assert text_content(memory) == content
    assert len(memory) == len(content) + 1
    assert string_result(memory) == content.partition(b"\0")[0]


def test_argument_is_not_touched():
    value = np.array(b"abcde")
    convert(value)[:] = 0
    assert value == b"abcde"


def test_default():
    assert convert(None, 5, b"xy").tobytes() == b"xy   "


@pytest.mark.parametrize(
    "value", [np.array([b"a", b"b", b"c"])[::2], np.zeros((3, 4), "i1", order="F")]
)
def test_array_that_is_not_contiguous(value):
    with pytest.raises(ValueError) as refused:
        convert(value)
    assert (
        str(refused.value)
        == "string_from_pyobj failed in converting 1st argument`s' of m.f to C string"
    )


def test_beyond_ascii():
    with pytest.raises(UnicodeEncodeError):
        convert("\xe9")


@pytest.mark.parametrize(
    ("left", "result"),
    [
        (b"ab   ", b"ab"),
        (b"a b  ", b"a b"),
        (b"a\0b  ", b"a"),
        (b"     ", b""),
        (b"ab \0\0", b"ab "),
    ],
)
def test_result(left, result):
    memory = allocate_string(5)
    memory.view("uint8")[:] = bytearray(left)
    assert string_result(memory) == result == string_result(text_memory(left))


def test_allocated_string_is_blank():
    assert allocate_string(3).tobytes() == b"   "
    assert allocate_string(0).tobytes() == b""
    assert text_content(blank_text(3)) == b"   "
    for blank in (allocate_string, blank_text):
        with pytest.raises(ValueError):
            blank(-1)


def leave(content, memory):
    """Do what Fortran does."""
    if PYPY:
        memory[0 : len(content)] = content
    else:
        ctypes.memmove(memory, content, len(content))


def test_memory_for_output_begins_as_blanks_each_time():
    """PyPy uses what a call has given back again: not that of a call that hasn't ended, nor of another length."""
    outer = blank_text(4)
    leave(b"used", outer)
    inner = [blank_text(4), blank_text(4), blank_text(2)]
    assert [text_content(each) for each in inner] == [b"    ", b"    ", b"  "]
    for each in inner:
        leave(b"ab", each)
        assert string_result(each) == b"ab"
    assert string_result(outer) == b"used"
    for length in (4, 2, 0, 4, 300, 4):
        memory = blank_text(length)
        assert text_content(memory) == b" " * length
        leave(b"x" * length, memory)
        assert string_result(memory) == b"x" * length


def test_threads_share_memory_for_output():
    wrong = []

    def fill(letter):
        for _ in range(3000):
            memory = blank_text(8)
            leave(letter * 8, memory)
            if string_result(memory) != letter * 8:
                wrong.append(letter)

    threads = [
        threading.Thread(target=fill, args=(each,)) for each in (b"a", b"b", b"c")
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not wrong


@pytest.mark.parametrize("text", [b"a" * length for length in range(0, 64, 3)])
def test_a_nul_stands_behind_strings_for_c(text):
    memories = [
        string(text, -1, b"", "m.f", "1st argument", "s"),
        string(text + b"more", len(text), b"", "m.f", "1st argument", "s"),
        allocate_string(len(text)),
    ]
    for memory in memories:
        behind = memory.__array_interface__["data"][0] + len(text)
        assert ctypes.string_at(behind, 1) == b"\0"


@pytest.mark.parametrize(
    ("target", "left", "expected"),
    [
        (np.array(b"abc"), b"axy  ", b"axy"),
        (np.array(b"abcdefg"), b"axyde", b"axydefg"),
        (np.array(b"abcde"), b"a    ", b"a"),
        (np.array([b"ab", b"cd"]), b"axyd ", [b"ax", b"yd"]),
        (np.arange(6, dtype="u1"), b"AB   ", [65, 66, 0, 0, 0, 5]),
        (np.zeros(0, "S1"), b"abcde", []),
    ],
)
def test_write_back(target, left, expected):
    memory = allocate_string(5)
    memory.view("uint8")[:] = bytearray(left)
    write_string(target, memory, ModuleError)
    assert target.tolist() == expected


def test_write_back_refusals():
    memory = allocate_string(5)
    write_string(None, memory, ModuleError)
    for value in ("abc", b"abc", 5):
        with pytest.raises(ModuleError, match=r"^try_pyarr_from_string failed$"):
            write_string(value, memory, ModuleError)
    target = np.array(b"abcde")
    target.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        write_string(target, memory, ModuleError)


@pytest.mark.parametrize(
    "value",
    [np.array(3), np.arange(4.0), np.array([1j]), np.array([True, False]).astype("i2"), np.array("2020", "M8[Y]")],
)  # fmt: skip
@pytest.mark.parametrize("length", [-1, 5])
def test_arrays_of_numbers_are_no_text(value, length):
    """Their bytes mean nothing as text, and Fortran's text would mean nothing in them."""
    message = r"m\.f\(\) 1st argument \(s\) can't be converted to string -- expected text, got an array of "
    with pytest.raises(TypeError, match=message + str(value.dtype).replace("[", r"\[")):
        convert(value, length)


def test_arrays_of_bytes_are_text():
    for kind in ("u1", "i1", "S3", "V3", "S1"):
        value = np.frombuffer(b"abc", kind)
        assert convert(value).tobytes() == b"abc  "
