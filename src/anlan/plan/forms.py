"""Forms of the plan pages."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """File or pasted text of a plan, and the year if the document does not say it."""

    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("Word、WPS、PDF（文字版）、OFD、网页（.html、.mht）或文本文件。"),
    )
    text = forms.CharField(
        label=_("或粘贴文字"),
        required=False,
        strip=False,
        max_length=5_000_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("从微信、网页或文档里复制过来的正文。"),
    )
    year = forms.IntegerField(
        label=_("年份"),
        required=False,
        min_value=1949,
        max_value=2199,
        help_text=_("文中没有写年份时填写；“9月底前”这样的时限按它计算。"),
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of file and text."""
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool((data.get("text") or "").strip()):
            raise forms.ValidationError(_("请选择一个文件，或者粘贴文字，两者取其一。"))
        return data

    def document(self) -> tuple[BinaryIO, str, int]:
        """What was sent, to be read; its name, and its size in bytes."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file:
            name = (file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
            return cast("BinaryIO", file), name, file.size or 0
        data = self.cleaned_data["text"].encode("utf-8", "replace")
        return io.BytesIO(data), str(_("粘贴的文字")) + ".txt", len(data)
