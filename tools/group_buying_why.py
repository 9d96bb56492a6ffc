"""The reasons of an outcome: for every member a code and the figures behind it."""

from collections.abc import Hashable
from typing import Any

from .exact import Exact
from .group_buying_book import Book, Deal, Shares
from .group_buying_types import Commitment, Reason

Figures = dict[str, Any]


def reasons_of(
    book: Book, deal: Deal, shares: Shares, dropped: Shares
) -> dict[Hashable, Reason]:
    """Return why everybody gets what it gets, in the order of service.

    :param shares: of those who take part
    :param dropped: what those would have got who are left out for their minimum
    """
    price = book.terms.prices[deal.level]
    figures = _figures(book, deal, price)
    reasons: dict[Hashable, Reason] = {}
    for position, member in enumerate(book.members):
        if position in dropped:
            share = dropped[position]
            reason = _nothing(
                "own_minimum", member, minimum=member.minimum, share=share
            )
        elif not member.want:
            reason = _nothing("nothing_asked", member)
        elif book.levels[position] > deal.level:
            ordered = deal.quantity
            reason = _nothing(
                "ceiling",
                member,
                ceiling=member.ceiling,
                price=price,
                quantity=ordered,
            )
        elif deal.quantity and shares[position] == member.want:
            asked = {"got": member.want, "want": member.want, "price": price}
            reason = Reason("as_asked", asked)
        else:
            reason = _reason(deal, member, shares[position], figures)
        reasons[member.key] = reason
    return reasons


def _nothing(code: str, member: Commitment, **figures: Any) -> Reason:
    return Reason(code, {"got": 0, "want": member.want, **figures})


def _reason(deal: Deal, member: Commitment, got: int, figures: Figures) -> Reason:
    """Return the reason that the whole order gives to one of those who take part."""
    own = {"got": got, "want": member.want, **figures}
    if got > member.want:
        own["tolerance"] = member.tolerance
    return Reason(deal.lot.why, own)


def _figures(book: Book, deal: Deal, price: Exact) -> Figures:
    """Return the figures that are the same for all who take part."""
    terms, offer, lot = book.terms, book.terms.offer, deal.lot
    asked: Figures = {"asked": deal.want}
    ordered: Figures = {"quantity": lot.quantity}
    missing: Figures = {"asked": deal.want, "most": deal.most}
    match lot.why:
        case "carton_more":
            return ordered | {"carton": offer.carton}
        case "minimum_more":
            return ordered | {"minimum": terms.first}
        case "tier_more":
            before = terms.price(lot.before)
            without = {"quantity_without": lot.before, "price_without": before}
            return ordered | {"price": price} | without
        case "carton_less":
            lacking = terms.up(deal.want) - deal.most
            return asked | ordered | {"carton": offer.carton, "missing": lacking}
        case "available_less":
            return asked | ordered | {"available": offer.available}
        case "no_carton":
            return missing | {
                "carton": offer.carton,
                "missing": terms.first - deal.most,
            }
        case "no_minimum":
            return missing | {
                "minimum": terms.first,
                "missing": terms.first - deal.most,
            }
        case "no_supply":
            return {"available": offer.available, "minimum": terms.first}
    return {}
