"""Text as tokens for a full-text index that splits at white space: two characters of Chinese, whole words of Latin.

Pure. Two-character words are the commonest in Chinese, and index and query cut alike, so that 排污 is found inside
入河排污口 and inside nothing else.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
# A search for more is no search by a person.
MOST = 40


def tokens(text: str) -> list[str]:
    """Tokens of a text to be indexed, in order, with repeats.

    >>> tokens("入河排污口 DN300")
    ['入河', '河排', '排污', '污口', 'dn300']
    >>> tokens("江")
    ['江']
    """
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[place : place + 2] for place in range(len(run) - 1))
    return found


def wanted(words: str) -> list[tuple[str, bool]]:
    """Tokens of a query, each with whether it is only the beginning of one: a single character, a Latin word.

    >>> wanted("排污口 dn")
    [('排污', False), ('污口', False), ('dn', True)]
    """
    return [(token, len(token) == 1 or token.isascii()) for token in dict.fromkeys(tokens(words))][:MOST]
