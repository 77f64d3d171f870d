"""The check: one pytest function that serves the student in a notebook and the grader over a kernel."""
