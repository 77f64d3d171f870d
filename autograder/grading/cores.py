"""The cores of this machine that its work may use."""

import os


def usable_cores() -> list[int]:
    """The numbers of the cores that this process may run on; empty where the system can't tie one to a core."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
