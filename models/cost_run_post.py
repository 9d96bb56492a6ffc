import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date, format_list

from .cost_touch import touch

NAMED = 5  # how many records a refusal names


class CostRunPost(models.Model):
    """Approval by a second person, and the exchanges."""

    _inherit = "ess.cost.run"

    # === APPROVAL === #

    def action_approve(self):
        """Another accountant, or a manager, takes responsibility for the result."""
        user = self.env.user
        if not (
            user.has_group("ess_mutualisation.group_accountant")
            or user.has_group("ess_mutualisation.group_manager")
        ):
            raise AccessError(
                self.env._("Only an accountant or a manager approves a run.")
            )
        self.check_access("read")
        for run in self.sudo():
            run._require_state("computed")
            run._check_approvable()
            run.write(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "approved_on": fields.Datetime.now(),
                }
            )

    def _check_approvable(self):
        if self.kind == "simulation":
            raise UserError(
                self.env._(
                    "%s is a simulation: it helps to decide, and is never posted.",
                    self.name,
                )
            )
        if self.computed_by_id.id == self.env.uid:
            raise UserError(
                self.env._(
                    "%(run)s was computed by %(user)s: somebody else approves it.",
                    run=self.name,
                    user=self.computed_by_id.name,
                )
            )
        if not (self.version_id.decision or "").strip():
            raise UserError(
                self.env._(
                    "Decision: %s does not say who decided it, and when.",
                    self.version_id.display_name,
                )
            )
        self._check_fresh()

    def _check_fresh(self):
        stale = self._stale()
        if stale:
            raise UserError(
                self.env._(
                    "%(run)s no longer holds: %(reason)s Compute it again.",
                    run=self.name,
                    reason=stale,
                )
            )

    # === POSTING === #

    def action_post(self):
        """Make the exchanges: what each member owes, less what it advanced."""
        self.check_access("write")
        for run in self.sudo():
            run._post_run()

    def _post_run(self):
        self.pool_id._bump()
        self._require_state("approved")
        self._check_fresh()
        self._hold_inputs()
        self._check_lock(self.date_to)
        self._check_bills()
        taxes = self._taxes()
        if not self.pool_id.product_id:
            self.pool_id._refuse_product()
        data = json.loads(self.snapshot)
        memberships = self.pool_id._memberships_on(self.date_to)
        data["decided"] = self._decided(memberships)
        self.write(
            {
                "state": "posted",
                "posted_by_id": self.env.uid,
                "posted_on": fields.Datetime.now(),
                **self._snapshot_vals(**data),
            }
        )
        self.write(self._chain_vals())
        self.env["ess.exchange"].create(self._exchange_vals(taxes))
        calls = data["inputs"]["calls"]
        lines = self.env["ess.cost.call.line"].browse([call[0] for call in calls])
        lines.run_id = self

    def _hold_inputs(self):
        """Touch what was used, so that whoever changes it at this moment collides."""
        lines = self.source_ids.analytic_line_id
        members = self.pool_id.member_ids
        self.env.flush_all()
        uses = self.env["ess.cost.reading"]
        if self.version_id.measure == "reading":
            uses = uses.search(self.version_id._reading_domain(self._span))
        for records in (lines, members, self.version_id, uses):
            touch(records)

    # === COMPLETE? === #

    def _check_lock(self, day):
        self._check_lock_of(self.company_id, day)

    @api.model
    def _check_lock_of(self, company, day):
        """Odoo would move the entries of a locked day to a later one: refuse here."""
        locks = company._get_lock_date_violations(day, purchase=False, tax=False)
        if locks:
            raise UserError(
                self.env._(
                    "%(date)s is locked in the books (until %(lock)s): it needs an "
                    "exception to the lock date.",
                    date=format_date(self.env, day),
                    lock=format_date(self.env, max(locks)[0]),
                )
            )

    def _check_bills(self):
        """Bills of the period that are still drafts would be missing."""
        lines = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "draft"),
                ("move_id.ess_settlement_id", "=", False),
                ("company_id", "child_of", self.company_id.id),
                ("analytic_distribution", "in", self.pool_id.analytic_account_id.ids),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
            ]
        )
        bills = lines.move_id
        if bills:
            names = [
                bill.ref or bill.partner_id.name or bill.display_name
                for bill in bills[:NAMED]
            ]
            raise UserError(
                self.env._(
                    "Bills of %(pool)s between %(start)s and %(stop)s that are still "
                    "drafts (%(count)s): %(bills)s. Post or delete them first.",
                    count=len(bills),
                    pool=self.pool_id.name,
                    bills=format_list(self.env, names),
                    **self.pool_id._span_words(self._span),
                )
            )

    def _taxes(self):
        """{member: taxes}, from the regime chosen for each; refused where none is."""
        shares = self.share_ids.filtered(lambda s: s.amount or s.called)
        entities = shares.entity_id - self.company_id.partner_id
        return self.pool_id._member_taxes(entities, self.date_to)

    # === EXCHANGES === #

    def _exchange_vals(self, taxes):
        federation = self.company_id.partner_id
        vals_list = []
        for share in self.share_ids:
            if share.entity_id == federation:
                continue  # it keeps its own part
            if share.amount or share._exchange_value():
                vals_list.append(self._exchange_of_share(share, taxes))
            if share.called:
                vals_list.append(self._exchange_of_calls(share, taxes))
        return vals_list

    def _exchange_of_share(self, share, taxes):
        pool = self.pool_id._in_words_of(share.entity_id)
        return {
            **pool._exchange_base(share.entity_id, self.date_to),
            "name": pool.env._(
                "%(pool)s, %(start)s to %(stop)s",
                pool=pool.name,
                **pool._span_words(self._span),
            ),
            "nature": "share",
            "share_id": share.id,
            "product_id": pool.product_id.id,
            "uom_id": pool.product_id.uom_id.id,
            # none for a share of 0, which is worth something all the same
            "tax_ids": [Command.link(tax.id) for tax in taxes.get(share.entity_id, ())],
            "value": share._exchange_value(),
            "amount": share.amount,
        }

    def _exchange_of_calls(self, share, taxes):
        pool = self.pool_id._in_words_of(share.entity_id)
        product = pool.advance_product_id or pool.product_id
        return {
            **pool._exchange_base(share.entity_id, self.date_to),
            "name": pool.env._("%s: advances taken back", pool.name),
            "nature": "advance",
            "share_id": share.id,
            "product_id": product.id,
            "uom_id": product.uom_id.id,
            "tax_ids": [Command.set(taxes[share.entity_id].ids)],
            "value": -share.called,
            "amount": -share.called,
        }
