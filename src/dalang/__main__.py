"""`python -m dalang` is the command `dalang`."""

import sys

from dalang.cli import main

if __name__ == "__main__":
    sys.exit(main())
