"""What answers questions inside the student's process: plain data out, nothing else.

These modules stand on the standard library and NumPy alone, so that the grader can send their source
into any kernel. They hold no expected value and no score.
"""
