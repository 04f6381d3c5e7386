"""Building blocks of the compiler's regular expressions.

Every pattern is linear in its text: no repetition inside a repetition, bounded {0,n} where two pieces could
share a character.
"""

from __future__ import annotations


def any_of(words: str) -> str:
    """Alternation of the words (or small patterns) of a block of text, the longest first.

    >>> any_of("局 分局 总局")
    '分局|总局|局'
    """
    return "|".join(sorted(set(words.split()), key=lambda word: (-len(word), word)))
