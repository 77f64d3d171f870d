"""The steps of a build: text to pair, pair to lesson, pair to solution."""
