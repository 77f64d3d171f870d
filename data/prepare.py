"""Make the data that the lessons read and git doesn't hold: csv/train.csv and csv/test.csv.

python data/prepare.py     (a lesson makes them on first use too; the grader's sandbox can't)
"""

import os
import sys

from making import DATA, DataError  # first: it makes vaelab importable

from vaelab.datasets import mnist_csv_files


def main() -> int:
    os.environ["VAELAB_DATA"] = str(DATA)  # this folder, wherever the command was started
    try:
        paths = mnist_csv_files()
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    print(*paths, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
