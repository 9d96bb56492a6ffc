"""Buying together: rounds, and what the member asks for while one is open."""

import unicodedata
from math import floor

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from ..models.round_words import in_words
from ..models.typed import typed_number
from .portal_common import CommonsPortal, get_route, integer, post_route

FIGURES = ("want", "tolerance", "minimum")
MOST = 1_000_000
LONGEST_SEARCH = 60
PER_PAGE = 80


def searchable(text):
    """A text as it is searched in: without accents and capitals."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


class CommonsRound(CommonsPortal):
    # === HOME === #

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ess_round_count" in counters:
            rounds = request.env["ess.round"]
            domain = rounds._portal_domain() & rounds._portal_open_domain()
            reads = rounds.has_access("read")
            values["ess_round_count"] = reads and rounds.search_count(domain)
        return values

    # === PAGES === #

    @get_route("/my/rounds")
    def my_rounds(self, **params):
        rounds = request.env["ess.round"]
        found = rounds
        if rounds.has_access("read"):
            domain = rounds._portal_domain()
            opened = rounds._portal_open_domain()
            found = rounds.search(domain & opened, order="date_close, id")
            found |= rounds.search(domain & ~opened, limit=PER_PAGE)
        return request.render(
            "ess_mutualisation.portal_rounds",
            self._ess_values(
                "rounds",
                rounds=found.sudo(),
                counts=found._portal_counts(request.env.user._ess_entity()),
            ),
        )

    @get_route("/my/rounds/<int:round_id>")
    def my_round(self, round_id, search="", done=None, **params):
        buying = self._ess_round(round_id)
        if not buying:
            return request.redirect("/my")
        if not buying._portal_takes():
            return request.redirect(f"/my/rounds/{buying.id}/result")
        return self._ess_round_page(buying, search=search, done=done)

    def _ess_round(self, round_id):
        """A round that the user's organisation takes part in; else None."""
        buying = self._ess_record("ess.round", round_id)
        if not buying or not buying._roles() & {"member", "buyer"}:
            return None
        return buying

    def _ess_round_page(
        self,
        buying,
        search="",
        done=None,
        refusals=None,
        typed=None,
        sentence=None,
    ):
        entity = request.env.user._ess_entity()
        rows = buying._portal_rows(entity)
        minima = buying._portal_minima(rows)
        search = str(search or "").strip()[:LONGEST_SEARCH]
        return request.render(
            "ess_mutualisation.portal_round",
            self._ess_values(
                "round",
                buying=buying.sudo(),
                suppliers=self._ess_round_suppliers(buying, rows, minima, search),
                totals=buying._portal_totals(entity, rows, minima),
                search=search,
                messages=buying._portal_messages(entity),
                sentence=sentence,
                done=done,
                refusals=refusals or {},
                typed=typed or {},
            ),
        )

    def _ess_round_suppliers(self, buying, rows, minima, search):
        """[(supplier, its sentences, rows with theirs)] that the search names."""
        found = {}
        for row in rows:
            offer = row["offer"]
            words = searchable(
                f"{offer.name} {offer.code or ''} {offer.supplier_id.partner_id.name}"
            )
            if searchable(search) in words:
                shown = {**row, "said": buying._portal_said(row, minima)}
                shown["words"] = words
                found.setdefault(offer.supplier_id, []).append(shown)
        return [(one, minima[one]["said"], shown) for one, shown in found.items()]

    # === COMMITTING === #

    @post_route("/my/rounds/<int:round_id>/commit")
    def my_round_commit(self, round_id, search="", **params):
        """The whole page at once, for a phone without scripts."""
        buying = self._ess_round(round_id)
        if not buying:
            return request.redirect("/my")
        refusals = {}
        for offer in buying.sudo().offer_ids:
            typed = self._ess_round_typed(params, offer.id)
            if typed:
                refusal = self._ess_round_save(offer, typed)
                if refusal:
                    refusals[offer.id] = refusal
        if refusals:
            return self._ess_round_page(
                buying, search=search, refusals=refusals, typed=params
            )
        return request.redirect(f"/my/rounds/{buying.id}?done=saved")

    def _ess_round_typed(self, params, offer_id):
        """What the form says of one offer, when it is other than what was shown."""
        names = (*FIGURES, "ceiling", "version")
        typed = {
            name: str(params.get(f"{name}_{offer_id}") or "").strip() for name in names
        }
        shown = str(params.get(f"shown_{offer_id}") or "")
        told = "|".join(typed[name] for name in (*FIGURES, "ceiling"))
        if f"want_{offer_id}" not in params or told == shown:
            return None
        return typed

    def _ess_round_save(self, offer, typed):
        """:return: None, or the refusal of `_portal_commit`"""
        commitments = request.env["ess.commitment"]
        try:
            vals = self._ess_round_vals(offer, typed)
        except UserError as error:
            return {"message": str(error), "codes": ["refused"]}
        version = integer(typed.get("version"), 0)
        try:
            found, refusal = commitments._portal_commit(offer, vals, version)
        except AccessError as error:
            return {"message": str(error), "codes": ["refused"]}
        return refusal

    def _ess_round_vals(self, offer, typed):
        """Steps and a price, from what a person typed in units.

        :raise UserError: a sentence that names the field
        """
        labels = request.env["ess.commitment"]._portal_labels()
        vals = {
            name: self._ess_round_steps(offer.sudo(), typed.get(name), labels[name])
            for name in FIGURES
        }
        ceiling = self._ess_round_number(typed.get("ceiling"), labels["ceiling"])
        ceiling = float(ceiling)
        return {**vals, "ceiling": ceiling, "has_ceiling": bool(ceiling)}

    def _ess_round_steps(self, offer, text, label):
        """:return: whole steps of a quantity as it was typed, in units"""
        number = self._ess_round_number(text, label)
        steps, whole = offer._to_steps(number)
        if not whole:
            below = floor(number / offer._step())
            raise UserError(
                request.env._(
                    "%(field)s: %(offer)s is handed out by %(step)s; the nearest are "
                    "%(below)s and %(above)s.",
                    field=label,
                    offer=offer.name,
                    step=offer._in_words(1),
                    below=offer._in_words(below),
                    above=offer._in_words(below + 1),
                )
            )
        return steps

    def _ess_round_number(self, text, label):
        symbol = request.env.company.currency_id.symbol
        try:
            return typed_number(request.env, text, MOST, units=[symbol])
        except (ValueError, OverflowError):
            raise UserError(
                request.env._(
                    "%(field)s: “%(typed)s” is no number from 0 to %(most)s.",
                    field=label,
                    typed=str(text)[:20],
                    most=in_words(request.env, MOST),
                )
            ) from None

    @route("/my/rounds/<int:round_id>/save", type="jsonrpc", auth="user", website=True)
    def my_round_save(self, round_id, offer_id=0, typed=None, **params):
        """One offer, as one types.

        :return: {'error', 'stale', 'version', 'row', 'supplier', 'totals'}: the last
            three are HTML of what follows
        """
        buying = self._ess_round(round_id)
        offer = buying and buying.sudo().offer_ids.filtered(
            lambda one: one.id == integer(offer_id)
        )
        if not offer:
            return {"error": request.env._("This round is not open to you.")}
        typed = typed if isinstance(typed, dict) else {}
        refusal = self._ess_round_save(
            offer, {name: str(value)[:20] for name, value in typed.items()}
        )
        entity = request.env.user._ess_entity()
        rows = buying._portal_rows(entity, spoken_of=offer)
        row = next(one for one in rows if one["offer"] == offer)
        minima = buying._portal_minima(rows)
        render = request.env["ir.qweb"]._render
        return {
            "error": refusal and refusal["message"],
            "stale": bool(refusal) and "stale" in refusal["codes"],
            "version": row["mine"].version if row["mine"] else 0,
            "row": render(
                "ess_mutualisation.portal_round_said",
                {"said": buying._portal_said(row, minima)},
            ),
            "supplier": render(
                "ess_mutualisation.portal_round_supplier_said",
                {"minima": minima[offer.supplier_id]["said"]},
            ),
            "totals": render(
                "ess_mutualisation.portal_round_totals",
                {"totals": buying._portal_totals(entity, rows, minima)},
            ),
        }
