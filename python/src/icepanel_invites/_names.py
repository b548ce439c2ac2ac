"""The names in annotations, at run time.

Type checkers read the imports under `TYPE_CHECKING`. `typing.get_type_hints`, `inspect.signature` and code that uses
them look for the same names in the module, so they must exist there too. Importing `typing`, `collections.abc` and
`types` takes longer than importing this package. The modules imported here are loaded in every Python already.
"""

from _collections_abc import AsyncGenerator, Callable, Coroutine, Generator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

# In a class with a method `list`, the name means the method.
List = list
# The meaning of `typing.Any` at run time.
Any = object


class ClassVar:
    def __class_getitem__(cls, kind: object) -> object:
        return kind


class Literal:
    """A literal is a string at run time."""

    def __class_getitem__(cls, word: object) -> type:
        return type(word)


def final(kind: object) -> object:
    return kind


def overload(function: object) -> object:
    return function

__all__ = [
    "Any",
    "AsyncGenerator",
    "Callable",
    "ClassVar",
    "Coroutine",
    "Generator",
    "Iterable",
    "Iterator",
    "List",
    "Literal",
    "Mapping",
    "Sequence",
    "datetime",
    "final",
    "overload",
    "timedelta",
]
