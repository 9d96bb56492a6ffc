import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import html2plaintext

_logger = logging.getLogger(__name__)


class CostCallPost(models.Model):
    """A call becomes exchanges: by hand, or by itself on its day."""

    _inherit = "ess.cost.call"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.browse().check_access("create")
            raise UserError(self.env._("Plan the calls from the budget."))
        return super().create(vals_list)

    def write(self, vals):
        """A person moves the day of a call to come, nothing else."""
        if not self.env.su:
            self.check_access("write")
            if set(vals) - {"date"}:
                raise UserError(self.env._("Change the budget, and plan again."))
            for call in self:
                call._require_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if self.filtered(lambda call: call.state == "posted"):
            raise UserError(self.env._("This call was made: cancel it."))

    @api.constrains("date")
    def _check_in_budget(self):
        """The run of the year takes back what was called in it."""
        for call in self:
            budget = call.budget_id
            if not budget.date_from <= call.date <= budget.date_to:
                raise ValidationError(
                    self.env._(
                        "Date: a call lies within its budget, from %(start)s to "
                        "%(stop)s.",
                        **call.pool_id._span_words((budget.date_from, budget.date_to)),
                    )
                )

    # === ACTIONS === #

    def action_call(self):
        """Call the advance from all members, as the members are today."""
        self.check_access("write")
        for call in self.sudo():
            call._call()

    def action_cancel(self):
        """Take a call back, by counter-exchanges when it was made."""
        self.check_access("write")
        for call in self.sudo():
            call._cancel(self.env._("The call of %s was cancelled.", call._day()))

    def _call(self):
        self.pool_id._bump()
        self._require_draft()
        self._check_not_split()
        self.budget_id._replan()
        self.env["ess.cost.run"]._check_lock_of(self.company_id, self.date)
        pool = self.pool_id
        if not (pool.advance_product_id or pool.product_id):
            pool._refuse_product()
        lines = self.line_ids.filtered("amount").filtered(
            lambda line: line.entity_id != self.company_id.partner_id
        )
        taxes = pool._member_taxes(lines.entity_id, self.date)
        self.env["ess.exchange"].create(
            [self._exchange_vals(line, taxes[line.entity_id]) for line in lines]
        )
        self.state = "posted"

    def _check_not_split(self):
        """An advance on costs that are split already would be asked for twice."""
        run = self.pool_id._live_runs((self.date, self.date))[-1:]
        if run:
            raise UserError(
                self.env._(
                    "%(run)s has split the costs of %(date)s already, and what it left "
                    "to pay is due: cancel this call.",
                    run=run.name,
                    date=self._day(),
                )
            )

    def _exchange_vals(self, line, taxes):
        pool = self.pool_id._in_words_of(line.entity_id)
        product = pool.advance_product_id or pool.product_id
        return {
            **pool._exchange_base(line.entity_id, self.date),
            "name": pool.env._(
                "%(pool)s: advance %(number)s of %(all)s",
                pool=pool.name,
                number=self.number,
                all=self.budget_id.instalments,
            ),
            "nature": "advance",
            "call_line_id": line.id,
            "product_id": product.id,
            "uom_id": product.uom_id.id,
            "tax_ids": [Command.set(taxes.ids)],
            "value": line.amount,
            "amount": line.amount,
        }

    def _cancel(self, reason):
        self.pool_id._bump()
        if self.state == "posted":
            self._check_cancellable()
            today = fields.Date.context_today(self)
            self.env["ess.cost.run"]._check_lock_of(self.company_id, today)
            exchanges = self.line_ids.exchange_ids.filtered(
                lambda e: not e.counter_of_id and not e.counter_ids
            )
            if exchanges:
                exchanges._make_counter(reason)
        self.state = "cancelled"

    def _check_cancellable(self):
        run = self.line_ids.run_id[:1]
        if run:
            raise UserError(
                self.env._(
                    "%(run)s took the call of %(date)s back already: reverse that run "
                    "first.",
                    run=run.name,
                    date=self._day(),
                )
            )
        settled = self.line_ids.exchange_ids.filtered("settled_on")[:1]
        if settled:
            raise UserError(
                self.env._(
                    "The call of %(date)s was settled (%(exchange)s): the run of the "
                    "year takes it back, or reverse the settlement.",
                    date=self._day(),
                    exchange=settled.display_name,
                )
            )

    def _require_draft(self):
        for call in self:
            if call.state != "draft":
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "The call of %(date)s is %(state)s; this is possible only "
                        "while it is %(needed)s.",
                        date=call._day(),
                        state=labels[call.state].lower(),
                        needed=labels["draft"].lower(),
                    )
                )

    def _day(self):
        return self.pool_id._span_words((self.date, self.date))["start"]

    # === CRON === #

    @api.model
    def _cron_call_due(self):
        """Make the calls whose day has come; one that fails does not stop the rest."""
        due = self.search(
            [
                ("state", "=", "draft"),
                ("date", "<=", fields.Date.context_today(self)),
                ("pool_id.active", "=", True),
            ]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for candidate in due:
            call = candidate.try_lock_for_update()
            if call:
                # what it writes is read by members: in the federation's language
                lang = call.company_id.partner_id.lang or self.env.lang
                call.with_context(lang=lang)._try_call()
            if not cron._commit_progress(1):
                break

    def _try_call(self):
        """Call, or tell the reason on the budget, once per reason."""
        try:
            with self.env.cr.savepoint():
                self._call()
        except UserError as error:
            self._tell_failure(str(error))
        except Exception:
            _logger.exception("Call %s could not be made", self.id)

    def _tell_failure(self, reason):
        sentence = self.env._(
            "The call of %(date)s was not made: %(reason)s",
            date=self._day(),
            reason=reason,
        )
        last = html2plaintext(self.budget_id.message_ids[:1].body or "")
        if reason not in last:
            self.budget_id.message_post(body=sentence)
