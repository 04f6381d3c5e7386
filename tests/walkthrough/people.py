"""The sample accounts, and signing in with them as everybody does."""

from __future__ import annotations

from dataclasses import dataclass

from tests.walkthrough.browser import Visitor
from tests.walkthrough.installation import HAS_UP, Installation


@dataclass(frozen=True)
class Accounts:
    """Login name and password of an account for each role."""

    by_role: dict[str, tuple[str, str]]
    has_page: bool

    @classmethod
    def of(cls, site: Installation) -> Accounts:
        """Accounts that the installation came up with."""
        has_page = site.run("""
import json
from django.urls import NoReverseMatch, reverse
try:
    reverse("login")
    print("true")
except NoReverseMatch:
    print("false")
""")
        rows = site.rows(
            "SELECT g.role, a.name FROM access_grant g JOIN access_account a ON a.id = g.account_id WHERE a.sample ORDER BY a.id DESC"
        )
        if HAS_UP:
            password = (site.home / "sample-password").read_text(encoding="ascii").strip()
        else:
            from tests.walkthrough.seed import PASSWORD as password
        return cls({role: (name, password) for role, name in rows}, bool(has_page))

    def sign_in(self, visitor: Visitor, role: str) -> None:
        """Signs in by the page."""
        name, password = self.by_role[role]
        if not self.has_page:
            key = visitor.site.run(
                f"import json; from tests.walkthrough import seed; print(json.dumps(seed.session({name!r})))"
            )
            visitor.context.add_cookies([{"name": "sessionid", "value": key, "url": visitor.site.address}])
            visitor.go("/")
            return
        visitor.go("/login/")
        visitor.page.locator("input[name=username]").fill(name)
        visitor.page.locator("input[type=password]").first.fill(password)
        visitor.page.locator("main button[type=submit], form button[type=submit]").first.click()
        visitor.page.wait_for_url(lambda url: "/login/" not in url)
