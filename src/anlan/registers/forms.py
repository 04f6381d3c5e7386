"""The form of a register, made from its spec; what is wrong comes from the same place as for sheets and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.foundation.access.actor import Actor
from anlan.foundation.screens.texts import language
from anlan.foundation.vault import storing, types
from anlan.registers.book import Installed
from anlan.registers.naming import Naming
from anlan.registers.spec.model import FILES, PERIOD, Field, Type
from anlan.registers.spec.output import limits
from anlan.settings import InputError


class ManyFiles(forms.ClearableFileInput):
    """Input for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, as a list."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Files that were chosen."""
        sent = data if isinstance(data, list | tuple) else [data]
        single = super().clean
        return [single(one, initial) for one in sent if one]


class RowForm(forms.Form):
    """Row of a register. `kept` are the values that are there, for a correction, which also asks for its reason."""

    def __init__(
        self,
        installed: Installed,
        actor: Actor,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        kept: Mapping[str, Any] | None = None,
        naming: Naming | None = None,
        revision: int = 0,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, label_suffix="")
        self.installed, self.naming, self.kept = installed, naming or Naming(), kept
        spec, lang = installed.spec, language()
        self.lists: list[tuple[str, list[str]]] = []
        if spec.period:
            self.fields[PERIOD] = forms.CharField(label=_("期次"), help_text=self._period_help(), max_length=20)
        for one in spec.entered:
            self.fields[one.id] = self._field(one, lang)
        if kept is not None:
            self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=revision)
            self.fields["reason"] = forms.CharField(
                label=_("更正理由"),
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("写明依据或缘由；原来的值留在历史里。"),
            )
            for id, value in kept.items():
                if id in self.fields and not isinstance(self.fields[id], ManyFilesField):
                    self.fields[id].initial = self._initial(id, value)
        elif spec.unit and actor.unit_name and spec.unit in self.fields:
            self.fields[spec.unit].initial = actor.unit_name
        for id, value in (initial or {}).items():
            if id in self.fields:
                self.fields[id].initial = value

    def _clean_fields(self) -> None:
        # What is missing is told by the drafter, together with everything else that is wrong.
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super()._clean_fields()  # type: ignore[misc]
        for field in needed:
            field.required = True

    def _period_help(self) -> str:
        every = self.installed.spec.period.every.value if self.installed.spec.period else ""
        return {"month": _("如 2022-09"), "quarter": _("如 2022-Q3"), "year": _("如 2022")}.get(every, "")

    def _field(self, one: Field, lang: str) -> forms.Field:
        told = [one.help.speak(lang)] if one.help else []
        if (range_ := limits(one)) is not None:
            told.append(range_.speak(lang))
        if one.example:
            told.append(_("例：%(example)s") % {"example": one.example})
        common: dict[str, Any] = {
            "label": one.heading.speak(lang),
            "required": one.required,
            "help_text": (_("；") if lang == "zh" else "; ").join(told),
        }
        if one.type is Type.CHOICE:
            choices = [("", "—"), *((choice.id, choice.words.speak(lang)) for choice in one.choices)]
            return forms.ChoiceField(choices=choices, **common)
        if one.type is Type.YESNO:
            return forms.ChoiceField(choices=[("", "—"), ("yes", _("是")), ("no", _("否"))], **common)
        if one.type is Type.PLACE:
            there = [d for d in self.naming.divisions.values() if not one.kinds or d.kind in one.kinds]
            return forms.ChoiceField(choices=[("", "—"), *((d.code, d.name) for d in there)], **common)
        if one.type is Type.DATE:
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), max_length=30, **common)
        if one.type in FILES:
            accept = "image/*" if one.type is Type.PHOTO else ""
            widget = ManyFiles(attrs={"accept": accept} if accept else {})
            return ManyFilesField(widget=widget, max_length=255, **{**common, "required": False})
        if one.type is Type.UNIT:
            names = [u.short_name for u in self.naming.units.values() if not one.kinds or u.kind in one.kinds]
            self.lists.append((f"list-{one.id}", names))
            widget_ = forms.TextInput(attrs={"list": f"list-{one.id}", "autocomplete": "off"})
            return forms.CharField(widget=widget_, max_length=200, **common)
        if one.type is Type.REFERENCE:
            self.lists.append((f"list-{one.id}", []))
            widget_ = forms.TextInput(
                attrs={
                    "list": f"list-{one.id}",
                    "autocomplete": "off",
                    "hx-get": reverse("register-lookup", args=[one.register]),
                    "hx-trigger": "input changed delay:300ms, focus once",
                    "hx-target": f"#list-{one.id}",
                    "hx-swap": "innerHTML",
                    "hx-params": one.id,
                }
            )
            return forms.CharField(widget=widget_, max_length=300, **common)
        if one.type is Type.POINT:
            common["help_text"] = common["help_text"] or _("经度、纬度（十进制的度），如 117.2034, 29.2921")
            return forms.CharField(max_length=60, **common)
        if one.type is Type.GEOMETRY or one.lines:
            rows = forms.Textarea(attrs={"rows": 4})
            return forms.CharField(widget=rows, max_length=2_000_000 if one.type is Type.GEOMETRY else None, **common)
        if one.type in (Type.INTEGER, Type.DECIMAL, Type.QUANTITY):
            number = forms.TextInput(attrs={"inputmode": "decimal"})
            return forms.CharField(widget=number, max_length=60, **common)
        return forms.CharField(max_length=max(one.longest, 200), **common)

    def _initial(self, id: str, value: Any) -> Any:
        if value is None or id == PERIOD:
            return value
        one = self.installed.spec.field(id)
        if one.type is Type.YESNO:
            return "yes" if value else "no"
        if one.type is Type.GEOMETRY:
            import json

            return json.dumps(value, ensure_ascii=False)
        if one.type is Type.REFERENCE:
            self.naming.labels([value])
            return self.naming.natural(value).replace("\x1f", " ")
        if one.type is Type.UNIT:
            return self.naming.told(one, value, "zh")
        if one.type is Type.POINT:
            return ", ".join(value)
        return value

    def sections(self) -> list[tuple[str, list[BoundField]]]:
        """Fields under their headings, those without a section first."""
        spec, lang = self.installed.spec, language()
        by_section: dict[str, list[BoundField]] = {}
        if spec.period:
            by_section.setdefault("", []).append(self[PERIOD])
        for one in spec.entered:
            by_section.setdefault(one.section, []).append(self[one.id])
        titles = {section.id: section.title.speak(lang) for section in spec.sections}
        found = [(titles.get(id, ""), by_section[id]) for id in ["", *titles] if id in by_section]
        if self.kept is not None:
            found.append(("", [self["reason"]]))
        return found

    def given(self) -> dict[str, Any]:
        """What was filled in, files apart; a file field keeps those of its files that were not taken away."""
        found: dict[str, Any] = {}
        for id, value in self.cleaned_data.items():
            if id in ("reason", "revision") or isinstance(self.fields[id], ManyFilesField):
                continue
            found[id] = value
        gone = set(self.data.getlist("gone") if hasattr(self.data, "getlist") else [])
        for one in self.installed.spec.of_type(*FILES):
            before = list((self.kept or {}).get(one.id) or [])
            left = [key for key in before if str(key) not in gone]
            if left != before:
                found[one.id] = left
        return found

    def stored(self) -> dict[str, Sequence[storing.Stored]]:
        """Files that were sent, put into the vault; refused ones are told at their field (ValueError is not raised)."""
        found: dict[str, list[storing.Stored]] = {}
        for one in self.installed.spec.of_type(*FILES):
            allowed = types.PICTURES if one.type is Type.PHOTO else types.TYPES
            for file in self.cleaned_data.get(one.id) or []:
                try:
                    found.setdefault(one.id, []).append(storing.put(file, file.name or "file", allowed))
                except InputError as error:
                    for problem in error.problems:
                        self.add_error(one.id, problem.speak(language()))
        return dict(found)

    def tell(self, error: InputError) -> None:
        """Puts what is wrong beside the fields."""
        for problem in error.problems:
            field = getattr(problem, "field", "")
            self.add_error(field if field in self.fields else None, problem.speak(language()))
