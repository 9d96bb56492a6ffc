"""A number as a person types it, exactly: "1 234,5", "1,234.50", "12,50 €"."""

import re
from collections.abc import Iterable
from fractions import Fraction

BLANKS = re.compile(r"[\s'’]")
PLAIN = re.compile(r"-?(\d+\.?\d*|\.\d+)")
LONGEST = 40


def read_number(text: object, group: str = "", units: Iterable[str] = ()) -> Fraction:
    """Return the number that was typed; nothing typed is 0.

    A comma and a point both begin the decimals. Where both occur, the last one does;
    one that occurs several times, or the sign that groups thousands in the reader's
    language before three digits ("1,234" in English), only groups.

    :param text: what was typed; a number that is given as such stays itself
    :param group: the sign for thousands in the reader's language
    :param units: what may follow the number: "€", "km"
    :raise ValueError: what is no number: letters, "nan", "1e9", "1,2,3"
    """
    if isinstance(text, (int, float, Fraction)):
        return Fraction(text if isinstance(text, (int, Fraction)) else repr(text))
    typed = str("" if text is None or text is False else text).strip().lower()
    for unit in units:
        typed = typed.removesuffix(unit.lower()).strip()
    typed = BLANKS.sub("", typed).replace("\u2212", "-")
    if not typed:
        return Fraction(0)
    typed = _with_point(typed, group)
    if len(typed) > LONGEST or not typed.isascii() or not PLAIN.fullmatch(typed):
        raise ValueError(f"{text!r} is no number such as 3 or 2.5.")
    return Fraction(typed)


def _with_point(typed: str, group: str) -> str:
    """Write the decimals after a point, and leave out what groups thousands."""
    comma, point = typed.rfind(","), typed.rfind(".")
    if comma >= 0 and point >= 0:
        decimal, other = (",", ".") if comma > point else (".", ",")
        whole, decimals = typed.rsplit(decimal, 1)
        return f"{_ungrouped(whole, other)}.{decimals}"
    sign = "," if comma >= 0 else "."
    if typed.count(sign) > 1 or (sign == group and _is_grouped(typed, sign)):
        return _ungrouped(typed, sign)
    return typed.replace(",", ".")


def _ungrouped(typed: str, sign: str) -> str:
    """Take out the grouping; what groups no thousands is left, and so refused."""
    return typed.replace(sign, "") if _is_grouped(typed, sign) else f"{typed}?"


def _is_grouped(typed: str, sign: str) -> bool:
    sign = re.escape(sign)
    return bool(re.fullmatch(rf"-?(\d{{1,3}}({sign}\d{{3}})+|\d+)", typed))
