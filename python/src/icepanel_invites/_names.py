"""What annotations name, at run time.

Type checkers read the imports under `TYPE_CHECKING`. `typing.get_type_hints`, `inspect.signature` and what is
built on them look for the same names in the module, so they must be there too. Importing `typing`,
`collections.abc` and `types` takes longer than importing this package: what stands here is loaded in every Python
already.
"""

from _collections_abc import Callable, Coroutine, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

# In a class with a method `list`, the name means the method.
List = list
# What `typing.Any` means to who reads a value at run time.
Any = object

__all__ = [
    "Any",
    "Callable",
    "Coroutine",
    "Iterable",
    "Iterator",
    "List",
    "Mapping",
    "datetime",
    "timedelta",
]
