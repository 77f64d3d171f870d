"""What in an answer could reach test cells that run beside it: for a person to look at, never a reason for points."""

import ast

from autograder.checking.python import parse_cell

# Names that no ordinary answer to an exercise needs, and that the known ways of forging a test begin with.
_NAMES = {
    *("get_ipython", "InteractiveShell", "displayhook", "showtraceback", "input_transformers_post", "ast_transformers"),
    *("run_code", "run_cell", "run_ast_nodes", "kernel", "_getframe", "settrace", "setprofile", "get_objects"),
    *("__builtins__", "builtins", "ctypes", "gc", "exec", "eval", "compile", "__import__", "setattr", "mock"),
}
_MODULES = {
    "IPython",
    "ipykernel",
    "ctypes",
    "gc",
    "builtins",
    "inspect",
    "unittest",
    "pytest",
    "importlib",
    "nbgrader",
}
_COMPARISONS = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__array_ufunc__"}
_TESTING = {"testing"}  # numpy.testing, pandas.testing


def reaches(source: str) -> list[str]:
    """The names in a cell that its tests could be reached by, in order and once each; empty where there is none."""
    tree = parse_cell(source)
    found: list[str] = []
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Name) and node.id in _NAMES:
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in _NAMES | _TESTING:
            found.append(node.attr)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if _is_watched(alias.name)]
        elif isinstance(node, ast.ImportFrom) and node.module and _is_watched(node.module):
            found.append(node.module)
        elif isinstance(node, ast.FunctionDef) and node.name in _COMPARISONS:
            found.append(node.name)
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            found += [name for name in names if name in _COMPARISONS]
    return list(dict.fromkeys(found))


def _is_watched(module: str) -> bool:
    return module.partition(".")[0] in _MODULES or module.rpartition(".")[2] in _TESTING
