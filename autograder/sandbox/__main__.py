"""python -m autograder.sandbox CONNECTION_FILE: a kernel in a new interpreter, with this environment."""

import os
import sys

from autograder.sandbox.kernel import run

run(sys.argv[1], dict(os.environ))
