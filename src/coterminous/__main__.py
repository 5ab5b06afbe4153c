"""Run the command line as `python -m coterminous`."""

import sys

from coterminous.cli import main

sys.exit(main())
