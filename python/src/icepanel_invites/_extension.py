"""Imports the extension module before all others, and says why it cannot be imported."""

import sys


def _explain(error: ImportError) -> ImportError:
    """The error that names the file that exists but does not load, or says that there is none."""
    import os
    import sysconfig

    folder = os.path.dirname(__file__)
    files = [
        os.path.join(folder, name)
        for name in sorted(os.listdir(folder) if os.path.isdir(folder) else [])
        if name.startswith("_native.") and name.endswith((".so", ".pyd"))
    ]
    here = f"{sys.implementation.name} {sys.version.split()[0]} on {sysconfig.get_platform()}"
    if files:
        what = f"{', '.join(files)} is there but cannot be loaded by {here}: {error}"
    else:
        what = f"the package has no extension module for {here}: {error}"
    advice = "Install it again with this Python: python -m pip install --force-reinstall icepanel-invites"
    return ImportError(f"icepanel_invites: {what}. {advice}", name=error.name, path=error.path)


try:
    from . import _native as _native
except ImportError as _error:
    raise _explain(_error) from _error
