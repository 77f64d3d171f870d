"""A local cluster answers only whoever holds the certificate of its run."""

import pytest
from distributed import Client

from autograder.grading.cluster import connect


def test_a_stranger_on_loopback_is_refused():
    with connect(1, None, 1) as client:
        address = client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        assert client.submit(abs, -1).result() == 1
        with pytest.raises(OSError):
            Client(address.replace("tls://", "tcp://"), timeout=2)
        with pytest.raises((OSError, TypeError, ValueError)):
            Client(address, timeout=2)
