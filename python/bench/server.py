"""A sandbox in a process of its own: prints its base URL, ends when its input ends, and takes a new state a line."""

import json
import sys

from icepanel_invites.testing import Sandbox

with Sandbox(json.loads(sys.argv[1])) as sandbox:
    print(sandbox.base_url, flush=True)
    for line in sys.stdin:
        sandbox.set_state(json.loads(line))
        print("set", flush=True)
