"""Judge the mutants of one exercise, in a process of its own: python -m tests.mutants.judge LESSON EXERCISE FIRST

Prints a line of JSON for each mutant, from number FIRST on: its place, its change, and whether a check fails.
"""

import json
import signal
import sys

from tests.course import solutions
from tests.mutants.operators import mutants
from tests.test_answers import local_verdicts

SECONDS = 60  # a mutant that runs for longer never ends


class TooLong(BaseException):
    """The mutant didn't end."""


def is_caught(lesson: str, exercise: str, source: str) -> bool:
    """Whether a check of the exercise fails for ``source``, or the cell itself."""

    def end(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, end)
    signal.alarm(SECONDS)
    try:
        return any(verdict.status != "passed" for verdict in local_verdicts(lesson, exercise, source))
    except (Exception, TooLong, SystemExit):
        return True  # the cell ended with an error
    finally:
        signal.alarm(0)


def main() -> None:
    """Judge them, in order, each on a line of its own as soon as it is known."""
    lesson, exercise, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
    for number, mutant in enumerate(mutants(solutions(lesson)[exercise])):
        if number >= first:
            print(json.dumps({"line": mutant.where, "what": mutant.what, "started": True}), flush=True)
            caught = is_caught(lesson, exercise, mutant.source)
            print(json.dumps({"line": mutant.where, "what": mutant.what, "caught": caught}), flush=True)


if __name__ == "__main__":
    main()
