"""Accounts, the roles granted to them, their former passwords and one-time codes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from anlan.foundation.access.roles import ADMINISTRATORS, AT_A_UNIT, Role


class AccountManager(BaseUserManager["Account"]):
    """Accounts by their login name."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Account by login name, whatever the case it is typed in."""
        return self.get(name__iexact=username)


class Account(AbstractBaseUser):
    """Login of one person. Accounts are closed, never deleted: the journal goes on naming them."""

    name = models.CharField(max_length=60, unique=True)
    person = models.ForeignKey("org.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=False)
    password_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=7, blank=True)
    sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.person.name}（{self.name}）" if self.person_id and self.person else self.name

    @property
    def is_administrator(self) -> bool:
        """Whether it holds an administrator's role, or will. One query."""
        lasting = Q(until__isnull=True) | Q(until__gte=timezone.localdate())
        return self.grants.filter(lasting, role__in=[role.value for role in sorted(ADMINISTRATORS)]).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saved with the login name in lower case, as it is compared."""
        self.name = self.name.strip().lower()
        super().save(*args, **kwargs)


class Grant(models.Model):
    """Role held by an account from one day to another, at a unit or over a territory (with all below it)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="grants")
    division = models.ForeignKey("org.Division", null=True, blank=True, on_delete=models.PROTECT, related_name="grants")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["account_id", "role", "since"]
        constraints = [
            # Over expressions, because SQLite takes two empty values for different ones.
            models.UniqueConstraint(
                "account",
                "role",
                Coalesce("unit_id", 0),
                Coalesce("division_id", 0),
                "since",
                name="grant_once",
                violation_error_message="这项授权已经有了",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="grant_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[role.value for role in sorted(AT_A_UNIT)]) | Q(unit__isnull=False),
                name="grant_names_its_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {Role(self.role).label}"


class FormerPassword(models.Model):
    """Hash of a password the account had, so that it is not taken again."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]


class ResetCode(models.Model):
    """One-time code that an administrator hands over; only its hash is kept. Signing in with it forces a change.

    `issued_by` is empty for one from the server's console. One that an administrator issued opens another
    administrator's account only when it is confirmed (see `opens`).
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="reset_codes")
    code = models.CharField(max_length=128)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    @property
    def opens(self) -> bool:
        """Whether it needs no confirmation, or has it. Asked when it is used: roles may have been granted since."""
        return self.issued_by_id is None or self.confirmed_by_id is not None or not self.account.is_administrator


class MinuteCount(models.Model):
    """Count of something in one minute (since 1970), from all processes; disposable. A subclass says of what."""

    store = "scratch"

    minute = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        abstract = True

    @classmethod
    def add(cls, **of: object) -> int:
        """Counts one more in the minute that runs; how many that makes. Minutes that are over are cleared away."""
        minute = int(timezone.now().timestamp() // 60)
        rows = cls._default_manager
        mine = rows.filter(**of, minute=minute)
        # One statement adds up, so that those side by side are all counted; the cache would read and write back.
        if not mine.update(count=models.F("count") + 1):
            rows.filter(minute__lt=minute - 1).delete()
            _row, made = rows.get_or_create(**of, minute=minute, defaults={"count": 1})
            if not made:
                mine.update(count=models.F("count") + 1)
        return int(mine.values_list("count", flat=True).get())


class SignInCount(MinuteCount):
    """Attempts to sign in from one address in one minute."""

    address = models.CharField(max_length=45)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "minute"], name="sign_in_count_once")]


class PostCount(MinuteCount):
    """Forms sent by one account (its id; the account stands in the other store) in one minute."""

    account = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "minute"], name="post_count_once")]
