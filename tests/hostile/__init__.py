"""The hostile corpus: submissions that try to win points, to break out, or to get lost; and what each must get."""
