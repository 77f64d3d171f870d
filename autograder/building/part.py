"""What of a course a build can be limited to."""

from enum import StrEnum


class Part(StrEnum):
    """What ``--only`` can name; the pair itself is always brought up to date."""

    LESSONS = "lessons"
    SOLUTIONS = "solutions"
