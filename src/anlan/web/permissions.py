"""What only the server's console may do: making an installation. No role holds it."""

from __future__ import annotations

from anlan.foundation.access.rules import Holds, declare
from anlan.settings import Words

declare("installation.found", Words("建立本区的安装", "found the installation of a district"), Holds())
declare("installation.sample", Words("装入示例数据", "load sample data"), Holds())
declare("installation.backup", Words("备份", "make a backup"), Holds())
