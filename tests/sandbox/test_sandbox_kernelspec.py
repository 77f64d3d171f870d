"""The sandbox by name: nbconvert and nbclient use it through a kernel specification."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pytest

import autograder.sandbox

pytestmark = pytest.mark.slow

FOLDER = Path(autograder.sandbox.__file__).parent


def test_nbconvert_executes_in_the_sandbox(tmp_path):
    if not entry_points(group="jupyter_client.kernel_provisioners", name="autograder-sandbox"):
        pytest.fail("the provisioner is not registered: install the project again (pip install -e .)")
    source = """
import os
print(os.getcwd(), sorted(os.listdir()))
try:
    open('large', 'wb').write(bytes(200_000))
except OSError as problem:
    print(problem)
"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    env = os.environ | {"JUPYTER_PATH": str(FOLDER), "AUTOGRADER_LIMITS": json.dumps({"file_bytes": 100_000})}
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout"]
    command += ["--ExecutePreprocessor.kernel_name=autograder-sandbox", "lesson.ipynb"]
    result = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    text = nbformat.reads(result.stdout, as_version=4).cells[0].outputs[0].text
    assert text == "/submission ['lesson.ipynb']\n[Errno 27] File too large\n"
