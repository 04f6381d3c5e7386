"""Saved views are everybody's own."""

from __future__ import annotations

from anlan.foundation.access.rules import Own, SignedIn, declare
from anlan.settings import Words

declare("view.save", Words("保存列表视图", "save the view of a list"), SignedIn())
declare("view.see", Words("查看自己的列表视图", "see one's saved views"), Own("account"))
declare("view.drop", Words("删除列表视图", "delete a saved view"), Own("account"))
