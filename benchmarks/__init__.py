"""What Dalang costs, measured beside the floor it stands on: `python -m benchmarks`."""
