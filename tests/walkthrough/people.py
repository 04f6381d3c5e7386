"""The sample accounts, and signing in with them as everybody does."""

from __future__ import annotations

from dataclasses import dataclass

from tests.walkthrough.browser import Visitor
from tests.walkthrough.installation import Installation


@dataclass(frozen=True)
class Accounts:
    """Login name of an account for each role, and the password of all of them."""

    by_role: dict[str, str]
    password: str

    @classmethod
    def of(cls, site: Installation) -> Accounts:
        """Accounts that the installation came up with."""
        rows = site.rows(
            "SELECT g.role, a.name FROM access_grant g JOIN access_account a ON a.id = g.account_id WHERE a.sample ORDER BY a.id"
        )
        return cls(dict(rows), (site.home / "sample-password").read_text(encoding="ascii").strip())

    def sign_in(self, visitor: Visitor, role: str) -> None:
        """Signs in by the page."""
        visitor.go("/login/")
        visitor.page.locator("input[name=username]").fill(self.by_role[role])
        visitor.page.locator("input[type=password]").fill(self.password)
        visitor.page.locator("main form button[type=submit]").click()
        visitor.page.wait_for_url(lambda url: "/login/" not in url)
