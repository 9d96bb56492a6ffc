from odoo.tools.misc import get_lang

from ..tools.typed_number import read_number

MOST_MONEY = 10_000_000


def typed_number(env, text, most, least=0, units=()):
    """What a person typed in a form, in the language of the reader.

    :param text: as it came; see `read_number`
    :param most: the largest number that makes sense
    :param units: what may follow the number
    :return: an exact number, 0 for nothing typed
    :rtype: fractions.Fraction
    :raise ValueError: what is no number, or out of bounds
    """
    number = read_number(text, get_lang(env).thousands_sep or "", filter(None, units))
    if not least <= number <= most:
        raise ValueError(f"{number} does not lie between {least} and {most}.")
    return number
