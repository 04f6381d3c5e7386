"""Rules for passwords beyond Django's: kinds of characters, and none of the last five again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from anlan.settings import Words


def problems(error: ValidationError) -> list[Words]:
    """What a password breaks, in both languages. Django's own words for it are not all there in Chinese."""
    length = settings.ANLAN.password_length
    told = {
        "password_too_short": Words(
            f"口令太短：至少 {length} 个字符", f"the password is too short: at least {length} characters"
        ),
        "password_too_common": Words("口令太常见，容易被猜中，请换一个", "the password is too common: choose another"),
        "password_kinds": Words(
            "口令须含小写字母、大写字母、数字、其他符号中的至少三类",
            "the password needs at least three of: lower case, upper case, digits, other characters",
        ),
        "password_used_before": Words(
            "新口令不能与当前或最近五次用过的相同",
            "the new password is the current one or one of the last five: choose another",
        ),
    }
    return [told.get(str(one.code), Words("".join(one.messages), "".join(one.messages))) for one in error.error_list]


class KindsValidator:
    """At least three of: lower case, upper case, digits, other characters (MLPS custom)."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError if too few kinds are there."""
        kinds = {("a" if c.islower() else "A" if c.isupper() else "0" if c.isdigit() else "#") for c in password}
        if len(kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("口令须含小写字母、大写字母、数字、其他符号中的至少三类。")


class NotUsedBeforeValidator:
    """None of the last five passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError if the password was used before."""
        if user is None or not user.pk:
            return
        former = [user.password, *user.former_passwords.values_list("password", flat=True)[:5]]
        if any(check_password(password, old) for old in former):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("新口令不能与当前或最近五次用过的相同。")
