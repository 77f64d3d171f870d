"""Grading: a submission becomes a graded notebook, a class becomes a gradebook."""
