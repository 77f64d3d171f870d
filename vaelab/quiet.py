"""Import this before Keras: it imports TensorFlow without the log lines that its C++ side writes to stderr.

A notebook shows everything on stderr in red, and two of those lines come whatever TF_CPP_MIN_LOG_LEVEL says.
TensorFlow's Python side keeps its errors and loses its hints (of functions traced more than once, say). Python's
own warnings and errors are not touched.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


@contextmanager
def _stderr_closed() -> Iterator[None]:
    """Send what C++ writes to file descriptor 2 nowhere."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


with _stderr_closed():
    import tensorflow

    # The first operation starts the device, which has something to say too.
    tensorflow.constant(0)

logging.getLogger("tensorflow").setLevel(logging.ERROR)
