from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .typed import MOST_MONEY, typed_number

BEARERS = ("borrower", "lender", "shared")
UNDECIDED = ("reported", "proposed", "contested")


class LoanDamageFlow(models.Model):
    """Who bears a damage: the lender proposes, the borrower agrees or contests.

    Where they do not find each other, the federation decides, or closes it.
    """

    _inherit = "ess.loan.damage"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                sequence = self.env["ir.sequence"].sudo()
                vals["name"] = sequence.next_by_code("ess.loan.damage") or "/"
        damages = super().create(vals_list)
        for damage in damages.sudo():
            # made here and not by a page: a GET never writes
            damage._portal_ensure_token()
            if damage.booking_id.loan_id != damage.loan_id:
                raise UserError(
                    self.env._(
                        "%(item)s is not part of %(loan)s.",
                        item=damage.asset_id.name,
                        loan=damage.loan_id.name,
                    )
                )
        return damages

    def _compute_access_url(self):
        for damage in self:
            damage.access_url = f"/my/loans/{damage.loan_id.id}/damages/{damage.id}"

    # === PROPOSING === #

    def action_propose(self, bearer=None, percent=None, cost=None, from_deposit=None):
        """Say what it costs and who bears it; what is left out stays as it is.

        :param str bearer: 'borrower', 'lender' or 'shared'
        :param percent: the borrower's part when it is shared, 0 to 100
        :param cost: of repair or replacement, untaxed
        :param bool from_deposit: whether the deposit is used first
        """
        damage = self._begin("lender", "facilitator")
        damage.loan_id.with_env(self.env)._require_lender_itself()
        damage._require_state(*UNDECIDED)
        vals = {"proposed_on": fields.Datetime.now(), "contested": False}
        if bearer is not None:
            vals["bearer"] = bearer
        if percent is not None:
            vals["borrower_percent"] = damage._typed(percent, "borrower_percent", 100)
        if cost is not None:
            vals["cost"] = damage._typed(cost, "cost")
        if from_deposit is not None:
            vals["from_deposit"] = bool(from_deposit)
        damage._check_proposal({**damage._proposal(), **vals})
        damage.write({**vals, "state": "proposed"})
        if damage.currency_id.is_zero(damage.amount):
            # nothing is asked of the borrower
            damage._agree(self.env["res.partner"])
        else:
            damage._tell_side("borrower", "damage_proposed")
        return True

    def _proposal(self):
        return {name: self[name] for name in ("bearer", "borrower_percent", "cost")}

    def _check_proposal(self, found):
        if found["bearer"] not in BEARERS:
            raise UserError(
                self.env._(
                    "Who bears it: choose the borrower, the lender, or both of them."
                )
            )
        if found["bearer"] != "lender" and not found["cost"]:
            raise UserError(
                self.env._("Cost: enter what the repair or the replacement costs.")
            )
        if found["bearer"] == "shared" and not 0 < found["borrower_percent"] < 100:
            raise UserError(
                self.env._(
                    "Borrower's part: when both bear it, enter more than 0 and less "
                    "than 100 %."
                )
            )

    def _typed(self, typed, name, most=MOST_MONEY):
        units = ["%", self.currency_id.symbol]
        try:
            return float(typed_number(self.env, typed, most, units=units))
        except (ValueError, OverflowError):
            raise UserError(
                self.env._(
                    "%(field)s: “%(typed)s” is not a number from 0 to %(most)s.",
                    field=self._fields[name]._description_string(self.env),
                    typed=str(typed)[:20],
                    most=most,
                )
            ) from None

    # === ANSWERING === #

    def action_agree(self, seen_amount=None):
        """The borrower bears what was proposed.

        :param seen_amount: what the page showed; another amount is not agreed to
        """
        damage = self._begin("borrower")
        damage._require_state("proposed")
        if seen_amount not in (None, ""):
            seen = damage._typed(seen_amount, "amount")
            if damage.currency_id.compare_amounts(seen, damage.amount):
                raise UserError(
                    self.env._(
                        "The proposal has changed meanwhile: it is %(now)s now, not "
                        "%(seen)s. Look at it again.",
                        now=format_amount(self.env, damage.amount, damage.currency_id),
                        seen=format_amount(self.env, seen, damage.currency_id),
                    )
                )
        damage._agree(self.env.user.partner_id)
        damage._tell_side("lender", "damage_agreed")
        return True

    def action_contest(self, text):
        """The borrower does not agree, and says why."""
        damage = self._begin("borrower")
        damage._require_state("proposed")
        damage.write({"state": "contested", "contested": self._checked(text)})
        damage._tell_side("lender", "damage_contested")
        return True

    def action_decide(self, reason):
        """The federation decides that the proposal holds, and says why."""
        damage = self._begin("facilitator")
        damage._require_state("proposed", "contested")
        reason = self._checked(reason)
        damage._agree(self.env.user.partner_id)
        damage._log(reason)
        for side in ("borrower", "lender"):
            damage._tell_side(side, "damage_agreed")
        return True

    def action_close(self, reason):
        """Nothing is asked of anybody: the lender drops it, or the federation."""
        damage = self._begin("lender", "facilitator")
        damage.loan_id.with_env(self.env)._require_lender_itself()
        damage._require_state(*UNDECIDED)
        reason = self._checked(reason)
        damage.state = "closed"
        damage._log(reason)
        damage._tell_side("borrower", "damage_closed")
        return True

    # === WHAT FOLLOWS === #

    def _agree(self, partner):
        self.write(
            {
                "state": "agreed",
                "agreed_on": fields.Datetime.now(),
                "agreed_by_id": partner.id,
            }
        )
        # two who answer at the same moment collide here
        self.flush_recordset()
        if self.currency_id.is_zero(self.amount):
            return
        self.env["ess.exchange"].sudo().create(self._exchange_vals())

    def _exchange_vals(self):
        """Compensation: worth what it costs, so that nothing is saved by it."""
        return {
            "name": f"{self.name} {self.asset_id.name}",
            "date": fields.Date.context_today(self),
            "nature": "expense" if self.kind == "expense" else "damage",
            "provider_id": self.lender_id.id,
            "receiver_id": self.entity_id.id,
            "product_id": self.asset_id._damage_product(self.kind).id,
            "quantity": 1,
            "currency_id": self.currency_id.id,
            "value": self.amount,
            "amount": self.amount,
            "damage_id": self.id,
            "company_id": self.company_id.id,
        }

    # === ACCESS AND WORDS === #

    def _begin(self, *roles):
        """:return: the damage in superuser mode, for who has one of these roles"""
        self.ensure_one()
        self.sudo().loan_id.with_env(self.env)._require(*roles)
        return self.sudo()

    def _require_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        if self.state not in states:
            raise UserError(
                self.env._(
                    "%(damage)s is %(state)s; this is possible only while it is "
                    "%(states)s.",
                    damage=self.name,
                    state=labels[self.state].lower(),
                    states=", ".join(labels[state].lower() for state in states),
                )
            )

    def _checked(self, reason):
        return self.sudo().loan_id.with_env(self.env)._checked_reason(reason)

    def _log(self, reason):
        self.message_post(
            body=self.env._(
                "%(user)s: %(reason)s", user=self.env.user.name, reason=reason
            )
        )

    def _tell_side(self, side, step):
        """Write to one side about this damage."""
        other = "lender" if side == "borrower" else "borrower"
        self.loan_id.with_context(ess_damage_id=self.id)._tell_other(other, step)
