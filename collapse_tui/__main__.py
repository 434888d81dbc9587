"""`python -m collapse_tui`."""

import sys

from collapse_tui.cli import main

sys.exit(main())
