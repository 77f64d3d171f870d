"""Each limit stops what passes it, with a sentence of its own, and lets right work be."""

from __future__ import annotations

import os
import platform

import pytest

from autograder.sandbox import Limits, MiB

pytestmark = pytest.mark.slow


def test_a_training_run_fits_in_the_defaults(kernel):
    code = """
import keras, numpy as np
model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, 3), keras.layers.Flatten()])
model.add(keras.layers.Dense(10))
model.compile("adam", "mse")
model.fit(np.ones((256, 28, 28, 1)), np.ones((256, 10)), batch_size=64, verbose=0)
print("trained")
"""
    assert kernel.run(code) == "trained"


EXIT = {"x86_64": 60, "aarch64": 93}[platform.machine()]  # the system call that ends one thread
FIRST_THREAD_ENDS = f"""
import ctypes, threading, time
def hog():
    held = [bytearray(b"x") * 10_000_000 for _ in range(100)]
    time.sleep(600)
threading.Thread(target=hog).start()
ctypes.CDLL(None).syscall({EXIT}, 0)
"""
STOPPED = {
    "memory in one process": (
        "held = []\nwhile True: held.append(bytearray(b'x') * 10_000_000)",
        "used more than 600 MB of memory",
    ),
    "memory shared by forks": (
        "import os, time\nheld = bytearray(b'x') * 250_000_000\n"
        "for _ in range(3):\n    if os.fork() == 0:\n        more = bytearray(b'x') * 200_000_000\n        break\n"
        "time.sleep(600)",
        "used more than 600 MB of memory",
    ),
    "memory that no process maps": (
        "import mmap, time\nheld = [mmap.mmap(-1, 100_000_000) for _ in range(8)]\n"
        "for part in held:\n    part.write(bytes(100_000_000)); part.madvise(mmap.MADV_DONTNEED)\ntime.sleep(600)",
        "used more than 600 MB of memory",
    ),
    "memory, and a mapped file with numbers in its name": (
        "import mmap, time\nname = '/tmp/x\\x0cffffffffffff-0 a/dev/zero'\nos.makedirs(os.path.dirname(name))\n"
        "open(name, 'wb').write(bytes(4096))\n"
        "file = open(name, 'r+b'); mapped = mmap.mmap(file.fileno(), 4096); os.unlink(name)\n"
        "held = []\nwhile True: held.append(bytearray(b'x') * 10_000_000); time.sleep(0.01)",
        "used more than 600 MB of memory",
    ),
    "memory of a process whose first thread has ended": (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {FIRST_THREAD_ENDS!r}])\ntime.sleep(600)",
        "used more than 600 MB of memory",
    ),
    "page tables": (
        "import mmap, time\nflags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS\n"
        "held = mmap.mmap(-1, 2**39, flags=flags, prot=mmap.PROT_READ)\nheld.madvise(mmap.MADV_NOHUGEPAGE)\n"
        "for at in range(0, 2**39, 2**21): held[at]\ntime.sleep(600)",
        "used more than 600 MB of memory",
    ),
    "threads of a process whose name has numbers in it": (
        "import ctypes, threading, time\nctypes.CDLL(None).prctl(15, b'\\rThreads: -9999')\n"
        "threading.stack_size(65536)\n"
        "for _ in range(400): threading.Thread(target=time.sleep, args=(600,)).start()\ntime.sleep(600)",
        "started more than 150 threads",
    ),
    "being spared when memory runs out": (
        "import time\nopen('/proc/self/oom_score_adj', 'w').write('0')\ntime.sleep(600)",
        "tried to be spared when memory runs out",
    ),
    "files in memory": (
        "import time\nfor n in range(12): open(f'/tmp/{n}', 'wb').write(bytes(50_000_000))\ntime.sleep(600)",
        "used more than 600 MB of memory",
    ),
    "a fork bomb": (
        "import os, time\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.01)",
        "started more than 20 processes",
    ),
    "threads": (
        "import threading, time\nthreading.stack_size(65536)\n"
        "for _ in range(400): threading.Thread(target=time.sleep, args=(600,)).start()\ntime.sleep(600)",
        "started more than 150 threads",
    ),
    "files on disk": (
        "import time\nfor n in range(20): open(f'{n}', 'wb').write(os.urandom(10_000_000))\ntime.sleep(600)",
        "wrote more than 100 MB of files",
    ),
    "files on disk without a name": (
        "import time\nheld = [open(f'{n}', 'wb') for n in range(20)]\n[os.unlink(f'{n}') for n in range(20)]\n"
        "for file in held: file.write(os.urandom(10_000_000))\ntime.sleep(600)",
        "wrote more than 100 MB of files",
    ),
}
SMALL = Limits(
    memory_bytes=600 * MiB,
    processes=20,
    threads=150,
    disk_bytes=100 * MiB,
    file_bytes=64 * MiB,
    tmp_bytes=1000 * MiB,
)


@pytest.mark.parametrize("case", STOPPED)
def test_a_submission_that_passes_a_limit_is_stopped_and_told(open_kernel, case):
    code, sentence = STOPPED[case]
    kernel = open_kernel(limits=SMALL)
    kernel.start("import os\n" + code)
    assert kernel.reason() == sentence


def test_memory_cannot_be_hidden_by_being_undumpable(open_kernel):
    kernel = open_kernel(limits=SMALL)
    kernel.start(
        "import ctypes; ctypes.CDLL(None).prctl(4, 0)\nheld = []\nwhile True: held.append(bytearray(b'x') * 10_000_000)"
    )
    assert kernel.reason() == "used more than 600 MB of memory"


def test_a_request_for_too_much_memory_is_an_error_in_the_cell(kernel):
    assert "MemoryError" in kernel.run("import numpy; numpy.zeros(8_000_000_000, dtype='uint8')")
    assert kernel.run("print('alive')") == "alive"


def test_a_file_that_is_too_large_is_an_error_in_the_cell(open_kernel):
    kernel = open_kernel(limits=SMALL)
    assert "File too large" in kernel.run("open('large', 'wb').write(bytes(70_000_000))")
    assert (kernel.work_dir / "large").stat().st_size <= SMALL.file_bytes


def test_a_full_tmp_is_an_error_in_the_cell(open_kernel):
    kernel = open_kernel(limits=Limits(tmp_bytes=10 * MiB))
    assert "No space left" in kernel.run("open('/tmp/x', 'wb').write(bytes(20_000_000))")
    assert kernel.run("print('alive')") == "alive"


def test_a_kernel_is_not_scheduled_before_its_keeper(kernel):
    assert kernel.run("import os; print(os.sched_getscheduler(0) == os.SCHED_OTHER, os.nice(0))") == "True 5"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import os; os._exit(0)", "the kernel exited"),
        ("import ctypes; ctypes.string_at(0)", "the kernel crashed (SIGSEGV)"),
        ("import os; os.kill(os.getpid(), 9)", "the kernel was ended by SIGKILL"),
    ],
)
def test_a_kernel_that_ends_itself_says_how(open_kernel, code, sentence):
    kernel = open_kernel()
    kernel.start(code)
    assert kernel.reason() == sentence


def test_a_limit_must_be_a_positive_number_of_a_known_kind():
    for wrong in ({"memory_bytes": 0}, {"processes": -1}, {"processes": 1.5}, {"cell_seconds": "60"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Limits(**wrong)
    with pytest.raises(ValueError, match="memory_byte"):
        Limits.from_mapping({"memory_byte": 1})
    for wrong in ({"memory_bytes": "4TB"}, {"processes": "5GB"}, {"cell_seconds": "a minute"}, {"disk_bytes": "infGB"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Limits.from_mapping(wrong)
    said = {"processes": 5, "memory_bytes": "1.5 GB", "disk_bytes": "300mb", "file_bytes": "99", "cell_seconds": "0.5"}
    wanted = Limits(processes=5, memory_bytes=1536 * MiB, disk_bytes=300 * MiB, file_bytes=99, cell_seconds=0.5)
    assert Limits.from_mapping(said) == wanted


def test_work_that_was_there_before_does_not_count(factory, open_with, tmp_path):
    (tmp_path / "given").write_bytes(os.urandom(120 * MiB))
    with open_with(factory, tmp_path, limits=SMALL) as kernel:
        kernel.run("import time; time.sleep(2.5)")
        assert kernel.run("print('alive')") == "alive"
