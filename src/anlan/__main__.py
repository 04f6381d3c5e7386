"""`python -m anlan`: the same as the command `anlan`."""

from __future__ import annotations

import sys

from anlan.cli import main

sys.exit(main())
