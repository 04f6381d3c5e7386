"""What every test may lean on: the shared reference folder, and property tests that give the same answer twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# `ci` is in force unless --hypothesis-profile names another: the same examples on every run, and no deadline,
# because a busy machine is no defect. `search` looks for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def _emptied_journal() -> None:
    """Tests with real transactions empty their tables, which the journal refuses to anybody else."""
    from tests.guard import allow_flush

    allow_flush()


# The algorithm of the product with the least work it allows: a test makes a dozen accounts, and cracks none.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Argon2 is slow on purpose; tests make thousands of accounts. Stored Argon2 hashes are still read."""
    from django.conf import settings as django_settings

    django_settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """A page in English leaves its language behind in the process; no test inherits it."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session")
def root() -> Path:
    """Root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of references and corpus beside the checkout; a test that needs it is skipped where it is missing."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip("the folder ../shared with references and corpus is not beside this checkout")
    return folder
