"""A kernel's folder in memory: of limited size, counted, and read from outside."""

from __future__ import annotations

import os

import pytest

from autograder.sandbox import Limits, MiB

pytestmark = pytest.mark.slow

SMALL = Limits(memory_bytes=600 * MiB, disk_bytes=100 * MiB)
FILL = """
import os
def fill(size, name='large'):
    with open(name, 'wb', buffering=0) as file:
        for _ in range(size):
            file.write(bytes(2**20))
"""


def test_both_sides_see_its_files(open_kernel):
    kernel = open_kernel(in_memory=True)
    outside = kernel.manager.outside_dir
    (outside / "given.txt").write_text("from outside")
    assert kernel.run("import os; print(os.getcwd(), open('given.txt').read())") == "/submission from outside"
    kernel.run("open('written.txt', 'w').write('from inside')")
    assert (outside / "written.txt").read_text() == "from inside"
    assert os.listdir(kernel.work_dir) == []


def test_what_it_left_can_be_read_when_it_has_ended(open_kernel):
    kernel = open_kernel(in_memory=True)
    kernel.run("open('written.txt', 'w').write('from inside')")
    kernel.start("import os; os._exit(0)")
    assert kernel.reason() == "the kernel exited"
    assert (kernel.manager.outside_dir / "written.txt").read_text() == "from inside"


def test_nothing_of_it_stays_open_when_it_is_cleaned_up(open_with, factory, tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with open_with(factory, tmp_path, in_memory=True):
            pass
    assert len([name for name in os.listdir("/proc/self/fd") if _is_folder(name)]) == 0
    assert len(os.listdir("/proc/self/fd")) < before + 12


def _is_folder(descriptor: str) -> bool:
    path = f"/proc/self/fd/{descriptor}"
    return os.path.lexists(path) and os.readlink(path).endswith("/submission")


def test_a_folder_has_a_size_that_cannot_be_passed(open_kernel):
    kernel = open_kernel(limits=SMALL, in_memory=True)
    told = kernel.run("import os; use = os.statvfs('.'); print(use.f_blocks * use.f_frsize // 2**20)")
    assert int(told) == 132  # with room for the grader's questions


def test_a_submission_that_fills_it_is_stopped_and_told(open_kernel):
    kernel = open_kernel(limits=SMALL, in_memory=True)
    kernel.start(FILL + "try: fill(200)\nfinally:\n    import time; time.sleep(600)")
    assert kernel.reason() == "wrote more than 100 MB of files"


def test_files_that_nobody_finds_take_room_all_the_same(open_kernel):
    kernel = open_kernel(limits=SMALL, in_memory=True)
    hidden = """
import mmap, os, socket
os.mkdir('closed'); os.chdir('closed'); os.chmod('.', 0o300); os.chmod('..', 0o300)
ours, theirs = socket.socketpair()
held = []
for number in range(5):
    fill(30, 'part'); file = open('part', 'r+b'); os.unlink('part')
    held.append(mmap.mmap(file.fileno(), 0) if number % 2 else socket.send_fds(ours, [b'x'], [file.fileno()]))
    file.close()
import time; time.sleep(600)
"""
    kernel.start(FILL + hidden)
    assert kernel.reason() == "wrote more than 100 MB of files"


def test_its_files_count_as_memory(open_kernel):
    kernel = open_kernel(limits=Limits(memory_bytes=600 * MiB, disk_bytes=2000 * MiB), in_memory=True)
    kernel.start(FILL + "for number in range(10): fill(100, str(number))\nimport time; time.sleep(600)")
    assert kernel.reason() == "used more than 600 MB of memory"


def test_many_empty_files_are_a_breach(open_kernel):
    kernel = open_kernel(in_memory=True)
    kernel.start("import time\nfor n in range(60_000): open(f'{n}', 'w').close()\ntime.sleep(600)")
    assert kernel.reason() == "created more than 50,000 files"
