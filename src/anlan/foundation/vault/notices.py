"""What the vault tells people."""

from __future__ import annotations

from anlan.foundation.notices.catalogue import declare
from anlan.settings import Words

declare(
    "vault.seen_before",
    Words(
        "照片“{name}”与此前交来的 {n} 张照片画面相同，请确认没有用错",
        "“{name}” shows the same as {n} photographs handed in before; make sure it is the one you meant",
    ),
)
