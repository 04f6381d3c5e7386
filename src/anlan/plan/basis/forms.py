"""Forms of the library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from anlan.plan.basis.actions import Facts
from anlan.plan.basis.models import Basis, Level, Validity


class DayInput(forms.DateInput):
    """Date as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BasisForm(forms.Form):
    """What the library says of a document."""

    title = forms.CharField(label=_("文件名称"), max_length=300, help_text=_("不带书名号。"))
    number = forms.CharField(label=_("文号"), max_length=100, required=False)
    issuer = forms.CharField(label=_("发文机关"), max_length=200, required=False)
    level = forms.ChoiceField(label=_("层级"), choices=Level.choices)
    validity = forms.ChoiceField(label=_("效力"), choices=Validity.choices)
    since = forms.DateField(label=_("生效日期"), required=False, widget=DayInput())
    until = forms.DateField(
        label=_("失效日期"), required=False, widget=DayInput(), help_text=_("试行期满或者废止的最后一天。")
    )
    replaced_by = forms.ModelChoiceField(
        label=_("替代它的文件"), queryset=Basis.objects.none(), required=False, empty_label=_("没有")
    )
    note = forms.CharField(label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    lock = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, own: Basis | None = None, **kwargs: Any) -> None:
        # Django's ":" after the label is in the way of the label's own line.
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        field = self.fields["replaced_by"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Basis.objects.exclude(pk=own.pk) if own else Basis.objects.all()

    def facts(self) -> Facts:
        """Facts as entered."""
        got = self.cleaned_data
        return Facts(**{name: got[name] for name in Facts.__dataclass_fields__})


class ClausesForm(forms.Form):
    """Text of a document whose clauses are taken in."""

    file = forms.FileField(
        label=_("文件"), required=False, help_text=_("Word、WPS、PDF（文字版）、OFD、网页或文本文件。")
    )
    text = forms.CharField(
        label=_("或粘贴文字"),
        required=False,
        strip=False,
        max_length=5_000_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Exactly one of file and text."""
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool((data.get("text") or "").strip()):
            raise forms.ValidationError(_("请选择一个文件，或者粘贴文字，两者取其一。"))
        return data

    def document(self) -> tuple[bytes, str]:
        """Bytes and name of what was sent."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file:
            return file.read(), (file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
        return self.cleaned_data["text"].encode("utf-8", "replace"), str(_("粘贴的文字")) + ".txt"
