"""Forms of an import."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class FileForm(forms.Form):
    """File to look at."""

    file = forms.FileField(
        label=_("文件"),
        max_length=255,
        help_text=_("Excel（.xlsx、.xls）或 CSV。先检查并预览，确认后才写入。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.xlsm"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def content(self) -> tuple[BinaryIO, str, int]:
        """The file to be read, its name, and its size in bytes."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        return cast("BinaryIO", file), (file.name or "").replace("\\", "/").rsplit("/", 1)[-1], file.size or 0
