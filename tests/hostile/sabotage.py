"""Sabotage: a kernel that is left in such a state that the honest answer beside the attack may suffer."""

from dataclasses import replace

from tests.hostile.case import LIMITS, NOT_TRIED, WRONG, WRONG_SAYS, Case, attack, failed, stopped

HASTY = replace(LIMITS, cell_seconds=4)

_AUDIT = """
import sys
def hook(event, arguments):
    if event in ("compile", "exec", "open"):
        raise RuntimeError("not today")
sys.addaudithook(hook)
"""
_RECURSION = "import sys\nsys.setrecursionlimit(max(60, len(__import__('inspect').stack()) + 30))\n"
_SWITCH = "import sys\nsys.setswitchinterval(1e6)\n"
_TRACE = """
import sys
def trace(frame, event, argument):
    if event == "return" and frame.f_code.co_name == "evaluate":
        frame.f_locals["value"] = 1
    return trace
sys.settrace(trace)
sys.setprofile(trace)
"""
_RAISE_FLOATS = "np.seterr(all='raise')\nimport warnings\nwarnings.simplefilter('error')\n"
_ENVIRONMENT = "import os\nos.environ.clear()\nos.environ['PYTHONPATH'] = '/nowhere'\nos.environ['TMPDIR'] = '/nowhere'\n"
_CHDIR = "import os, shutil\nos.chdir('/tmp')\nshutil.rmtree('/submission', ignore_errors=True)\n"
_LIMITS = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\nresource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\n"
_MASK = "import os\nos.umask(0o777)\n"
_RESET = "get_ipython().reset(new_session=False)\nimport numpy as np\n"
_NAMESPACE = "get_ipython().user_ns.clear()\n"
_HELPER_GONE = "import sys\nfor name in [n for n in sys.modules if n.startswith('autograder_inside')]:\n    del sys.modules[name]\n"
_ALARM = """
import signal
def ring(*_):
    raise RuntimeError("rang")
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
"""
_STOP = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n"
_EXEC = "import os\nos.execv('/bin/sleep', ['sleep', '600'])\n"
_OPEN = """
import builtins, os
def refuse(*a, **k):
    raise OSError("no files today")
builtins.open = os.replace = os.open = refuse
"""
_DUMPS = """
import json
json.dumps = lambda *a, **k: '{"dict": [["value", {"list": []}]]}'
"""
_PLAIN = """
import sys
sys.modules["autograder_inside.plain"].plain = lambda value, depth=0: 1.0
sys.modules["autograder_inside.answer"].plain = lambda value, depth=0: 1.0
"""
_IMPORTS = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        raise SystemExit(0)
sys.meta_path.insert(0, Finder())
"""
_WEAK = """
import ctypes
one = np.float64(1.0)
ctypes.memset(id(True) + 16, 0, 8)
"""
_STDOUT = "import sys\nsys.stdout = sys.stderr = sys.stdin = None\n"
_HOOKS = """
import sys, threading
def ended(*a):
    import os
    os._exit(0)
sys.excepthook = threading.excepthook = sys.unraisablehook = ended
"""
_LOOP = """
import asyncio
loop = get_ipython().kernel.io_loop.asyncio_loop
loop.call_later(0.2, loop.stop)
"""
_QUEUE = """
kernel = get_ipython().kernel
kernel.do_execute = None
"""
_FINISH = """
import atexit, os
kernel = get_ipython().kernel
kernel.shell.ask_exit()
kernel.do_shutdown(False)
"""
_PAYLOAD = """
for _ in range(2000):
    get_ipython().payload_manager.write_payload({"source": "set_next_input", "text": "x = 1" * 1000, "replace": True}, single=False)
    get_ipython().payload_manager.write_payload({"source": "ask_exit", "keepkernel": False}, single=False)
"""
_COMMS = """
from comm import create_comm
for number in range(3000):
    create_comm(target_name=f"evil{number}", data={"x": "y" * 1000})
"""
_WIDGETS = """
import ipywidgets
for number in range(300):
    ipywidgets.HTML("<script>hostile()</script>")
"""
_MIMES = """
from IPython.display import publish_display_data
publish_display_data({f"application/x-{number}": "<script>" for number in range(20_000)})
publish_display_data({"text/plain": ["a", 5, None], "image/png": {"a": 1}, "application/json": [[[]]]}, metadata={"image/png": {"width": "x" * 10_000}})
"""
_DISPLAY_IDS = """
from IPython.display import display
for number in range(1000):
    display(number, display_id="same")
    display(number, display_id="same", update=True)
    display(number, display_id=f"other{number}")
"""
_CLEAR = """
from IPython.display import clear_output
for number in range(2000):
    print("gone")
    clear_output(wait=bool(number % 2))
"""

CASES = [
    Case("audit-hook", "refuses every compilation and every open file from now on", NOT_TRIED, answers=attack(_AUDIT), std=stopped("the kernel exited")),
    Case("recursion-limit", "leaves next to no room for calls", NOT_TRIED, answers=attack(_RECURSION)),
    Case("switch-interval", "lets threads take turns once a week", NOT_TRIED, answers=attack(_SWITCH)),
    Case("trace-functions", "traces and profiles every call, and changes what comes back", NOT_TRIED, answers=attack(_TRACE)),
    Case("floats-raise", "makes every warning of NumPy and Python an error", NOT_TRIED, answers=attack(_RAISE_FLOATS)),
    Case("environment-cleared", "clears the environment", NOT_TRIED, answers=attack(_ENVIRONMENT)),
    Case("folder-removed", "removes its own folder and leaves it", NOT_TRIED, answers=attack(_CHDIR)),
    Case("limits-lowered", "forbids itself to write and to open files", NOT_TRIED, answers=attack(_LIMITS), std=replace(failed("no longer answers questions"), or_says=("it ran for more than 20 s",))),
    Case("umask", "lets no new file be read", NOT_TRIED, answers=attack(_MASK)),
    Case("names-reset", "deletes every name of the notebook", NOT_TRIED, answers=attack(_RESET)),
    Case("namespace-cleared", "clears the namespace itself", NOT_TRIED, answers=attack(_NAMESPACE)),
    Case("helper-deleted", "deletes the helper that answers questions", NOT_TRIED, answers=attack(_HELPER_GONE), std=failed("no longer answers questions")),
    Case("alarm", "lets an alarm ring fifty times a second", NOT_TRIED, answers=attack(_ALARM), std=replace(failed("`ring` raised RuntimeError: rang"), or_says=("the kernel exited", WRONG_SAYS))),
    Case("stopped-by-itself", "stops its kernel by SIGSTOP", NOT_TRIED, limits=HASTY, answers=attack(_STOP), std=stopped("it ran for more than 4 s")),
    Case("another-program", "becomes another program", NOT_TRIED, limits=HASTY, answers=attack(_EXEC), std=stopped("it ran for more than 4 s")),
    Case("open-replaced", "replaces open by a function that refuses", NOT_TRIED, answers=attack(_OPEN), std=failed("no longer answers questions")),
    Case("json-replaced", "replaces what writes JSON", NOT_TRIED, answers=attack(_DUMPS), std=stopped("the code broke the connection to its kernel (KeyError)")),
    Case("plain-replaced", "replaces what makes plain data of an answer", NOT_TRIED, answers=attack(_PLAIN), std=failed("The notebook returned an answer that can't be read.")),
    Case("import-hook", "ends the program at the next import", NOT_TRIED, answers=attack(_IMPORTS), std=failed("no longer answers questions")),
    Case("true-overwritten", "overwrites the object True in memory", NOT_TRIED, answers=attack(_WEAK), std=stopped("the kernel exited")),
    Case("streams-gone", "sets standard output and error to None", NOT_TRIED, limits=HASTY, answers=attack(_STDOUT), std=stopped("it ran for more than 4 s")),
    Case("excepthooks", "ends the program at the next exception that nobody catches", NOT_TRIED, answers=attack(_HOOKS)),
    Case("loop-stopped", "stops the kernel's event loop a moment later", NOT_TRIED, answers=attack(_LOOP), std=replace(WRONG, or_says=("the kernel exited",))),
    Case("kernel-method-gone", "sets the kernel's method for cells to None", NOT_TRIED, limits=HASTY, answers=attack(_QUEUE), std=stopped("it ran for more than 4 s")),
    Case("exit-asked", "asks its shell and its kernel to exit", NOT_TRIED, answers=attack(_FINISH)),
    Case("payloads", "sends 4,000 payloads with its reply, to replace cells and to exit", NOT_TRIED, answers=attack(_PAYLOAD)),
    Case("comms", "opens 3,000 channels of its own", NOT_TRIED, answers=attack(_COMMS)),
    Case("widgets", "makes 300 widgets that hold a script", NOT_TRIED, answers=attack(_WIDGETS)),
    Case("mime-bundles", "displays 20,000 kinds of data at once, and data of the wrong types", NOT_TRIED, answers=attack(_MIMES)),
    Case("display-ids", "displays and updates by 1,000 names", NOT_TRIED, answers=attack(_DISPLAY_IDS)),
    Case("output-cleared", "prints and clears its output 2,000 times", NOT_TRIED, answers=attack(_CLEAR)),
]
