"""The command line: python -m portal VERB."""

import sys

from portal.cli.main import main

sys.exit(main(sys.argv[1:]))
