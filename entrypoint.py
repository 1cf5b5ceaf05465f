"""Start the action in its container. There is no logic here, so nothing can fail before the program can report it."""

import os
import sys

from swanlab_ci.runtime import prepared

prepared.use()

from swanlab_ci.__main__ import action  # noqa: E402 - after what makes its dataclasses quickly

code = action()
try:
    sys.stdout.flush()
    sys.stderr.flush()
finally:
    os._exit(code)  # the interpreter's own end takes 30 ms and changes nothing
