"""Forms that many pages need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Asks why: for steps that close, reopen, move a date or take something back. Subclass it to ask for more."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明依据或缘由，会记入审计日志。"),
    )

    def clean_reason(self) -> str:
        """Reason; white space alone and a single character are none."""
        reason = str(self.cleaned_data["reason"]).strip()
        if len(reason) < 2:
            raise forms.ValidationError(_("理由“%(reason)s”太短，请写清楚。") % {"reason": reason})
        return reason

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Django's ":" after the label is in the way of the label's own line.
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
