"""Buying together: rounds, and what the member asks for while one is open."""

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from .portal_common import CommonsPortal, get_route, integer, post_route

FIGURES = ("want", "tolerance", "minimum")
LONGEST_SEARCH = 60
PER_PAGE = 80


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
        if not buying._portal_is_open():
            return request.redirect(f"/my/rounds/{buying.id}/result")
        return self._ess_round_page(buying, search=search, done=done)

    def _ess_round(self, round_id):
        """A round that the user's organisation takes part in; else None."""
        buying = self._ess_record("ess.round", round_id)
        if not buying or "member" not in buying._roles():
            return None
        return buying

    def _ess_round_page(self, buying, search="", done=None, refusals=None, typed=None):
        entity = request.env.user._ess_entity()
        rows = buying._portal_rows(entity)
        search = str(search or "").strip()[:LONGEST_SEARCH]
        return request.render(
            "ess_mutualisation.portal_round",
            self._ess_values(
                "round",
                buying=buying.sudo(),
                suppliers=self._ess_round_suppliers(buying, rows, search),
                short=buying._portal_short(rows),
                totals=buying._portal_totals(entity, rows),
                search=search,
                done=done,
                refusals=refusals or {},
                typed=typed or {},
            ),
        )

    def _ess_round_suppliers(self, buying, rows, search):
        """[(supplier, rows with their sentences)], those that the search names."""
        found = {}
        for row in rows:
            offer = row["offer"]
            words = (
                f"{offer.name} {offer.code or ''} {offer.supplier_id.partner_id.name}"
            )
            if search.lower() in words.lower():
                said = buying._portal_said(row)
                found.setdefault(offer.supplier_id, []).append({**row, "said": said})
        return list(found.items())

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
        own = offer.sudo()
        vals = {}
        for name in FIGURES:
            quantity = self._ess_round_number(typed.get(name))
            steps, whole = own._to_steps(quantity)
            if not whole:
                raise UserError(
                    request.env._(
                        "%(offer)s is handed out by %(step)s: %(nearest)s would do.",
                        offer=own.name,
                        step=own._in_words(1),
                        nearest=own._in_words(steps),
                    )
                )
            vals[name] = steps
        ceiling = self._ess_round_number(typed.get("ceiling"))
        return {**vals, "ceiling": ceiling, "has_ceiling": bool(ceiling)}

    def _ess_round_number(self, text):
        text = str(text or "").strip().rstrip("€").strip()
        for blank in " \u00a0\u202f":
            text = text.replace(blank, "")
        try:
            number = float(text.replace(",", ".") or 0)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1_000_000:
            raise UserError(
                request.env._(
                    "“%s” is no number that can be asked for: write for example 3 or "
                    "2,5.",
                    str(text)[:20],
                )
            )
        return number

    @route("/my/rounds/<int:round_id>/save", type="jsonrpc", auth="user", website=True)
    def my_round_save(self, round_id, offer_id=0, typed=None, **params):
        """One offer, as one types.

        :return: {'error', 'stale', 'version', 'row', 'totals'}: HTML of what follows
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
        render = request.env["ir.qweb"]._render
        return {
            "error": refusal and refusal["message"],
            "stale": bool(refusal) and "stale" in refusal["codes"],
            "version": row["mine"].version if row["mine"] else 0,
            "row": render(
                "ess_mutualisation.portal_round_said",
                {"said": buying._portal_said(row)},
            ),
            "totals": render(
                "ess_mutualisation.portal_round_totals",
                {"totals": buying._portal_totals(entity, rows)},
            ),
        }
