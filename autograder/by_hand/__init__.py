"""Marking written answers by hand, in JupyterLab: one answer at a time, the rubric beside it."""
