"""Where the `kontor` script lands."""

import sys
from pathlib import Path

# The folder of this file is put first by Python; the launcher is imported as a package from the folder above.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from launcher.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
