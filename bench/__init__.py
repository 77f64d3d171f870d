"""The benchmarks: what this project claims, measured side by side with what people would use instead."""
