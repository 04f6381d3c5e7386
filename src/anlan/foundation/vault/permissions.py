"""Who may hand in files and read them."""

from __future__ import annotations

from anlan.foundation.access.rules import Holds, Own, SignedIn, Where, declare
from anlan.foundation.vault.owners import OfTheOwner
from anlan.settings import Words

_LOOSE = Where("kind", "", told=Words("尚未关联的", "those not yet attached"))

declare("vault.receive", Words("上传文件", "hand in a file"), SignedIn())
declare("vault.see", Words("查看文件", "read a file"), OfTheOwner() | Own("received_by") & _LOOSE)
declare("vault.attach", Words("关联文件", "attach a file to an object"), Own("received_by") & _LOOSE)
# Done by the machine as pictures come in.
declare("vault.examine", Words("读取照片", "examine a picture"), Holds())
declare("vault.compare", Words("登记相同照片", "note that two pictures are one"), Holds())
