from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

# What may still change once an exchange is settled: nothing that was agreed.
FREE_FIELDS = {"message_follower_ids", "activity_ids", "message_ids"}
# Exactly one of them says where an exchange comes from.
ORIGINS = (
    "booking_id",
    "share_id",
    "call_line_id",
    "damage_id",
    "deposit_id",
    "staff_loan_id",
    "round_share_id",
)
# Money that is held for somebody: nothing was given, so it counts nowhere as worth.
HELD = ("deposit",)
# Natures that are counted in hours, days and uses besides euros.
USES = ("use", "loan")
SETTLED = {"settlement_id", "settled_on"}
RELEASED = dict.fromkeys(SETTLED, False)


class Exchange(models.Model):
    """One act of pooling: who gave what to whom, its value and the amount owed.

    Everything that is pooled ends here, and only the settlement turns it into money.
    A settled exchange never changes, which a trigger of the database guards; a
    mistake is corrected by a counter-exchange.
    """

    _name = "ess.exchange"
    _description = "Exchange"
    _inherit = ["ess.derived", "ess.office.thread", "analytic.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, string="Description")
    date = fields.Date(
        required=True, index=True, default=fields.Date.context_today, tracking=True
    )
    nature = fields.Selection(
        [
            ("use", "Use of an Asset"),
            ("loan", "Free Loan (commodat)"),
            ("share", "Share of Costs"),
            ("advance", "Advance on Costs"),
            ("damage", "Damage or Loss"),
            ("expense", "Actual Expense"),
            ("deposit", "Deposit"),
            ("staff", "Staff Time"),
            ("goods", "Goods Bought Together"),
            ("round_cost", "Shared Cost of a Round"),
            ("commission", "Commission"),
        ],
        required=True,
        default="use",
        index=True,
    )
    provider_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    receiver_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one("product.product", ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", default=1.0, tracking=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", ondelete="restrict")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda s: s.env.company.currency_id
    )
    value = fields.Monetary(
        string="Reference Value",
        tracking=True,
        help="What it is worth without a tariff, even when it is free: it counts for "
        "reciprocity.",
    )
    amount = fields.Monetary(
        string="Amount Owed", tracking=True, help="Untaxed; 0 for a free use."
    )
    saving = fields.Monetary(compute="_compute_saving", store=True)
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes Decided",
        check_company=True,
        # one that is archived meanwhile is still what was decided
        context={"active_test": False},
        help="The decision on tax where the origin takes one; otherwise the taxes of "
        "the product hold.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda s: s.env.company
    )
    # origins: exactly one
    booking_id = fields.Many2one(
        "ess.booking", index="btree_not_null", ondelete="restrict", readonly=True
    )
    share_id = fields.Many2one(
        "ess.cost.share", index="btree_not_null", ondelete="restrict", readonly=True
    )
    call_line_id = fields.Many2one(
        "ess.cost.call.line", index="btree_not_null", ondelete="restrict", readonly=True
    )
    damage_id = fields.Many2one(
        "ess.loan.damage", index="btree_not_null", ondelete="restrict", readonly=True
    )
    deposit_id = fields.Many2one(
        "ess.loan.deposit", index="btree_not_null", ondelete="restrict", readonly=True
    )
    staff_loan_id = fields.Many2one(
        "ess.staff.loan", index="btree_not_null", ondelete="restrict", readonly=True
    )
    round_share_id = fields.Many2one(
        "ess.round.share", index="btree_not_null", ondelete="restrict", readonly=True
    )
    asset_id = fields.Many2one(related="booking_id.asset_id", store=True, index=True)
    category_id = fields.Many2one(related="asset_id.category_id", store=True)
    counter_of_id = fields.Many2one(
        "ess.exchange",
        string="Corrects",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    counter_ids = fields.One2many("ess.exchange", "counter_of_id", readonly=True)
    reason = fields.Char(readonly=True)
    settlement_id = fields.Many2one(
        "ess.settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    settlement_item_ids = fields.One2many(
        "ess.settlement.item", "exchange_id", readonly=True
    )
    settled_on = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    state = fields.Selection(
        [("open", "Open"), ("settled", "Settled")],
        compute="_compute_state",
        search="_search_state",
    )

    _one_origin = models.Constraint(
        "CHECK (num_nonnulls(booking_id, share_id, call_line_id, damage_id, "
        "deposit_id, staff_loan_id, round_share_id) = 1)",
        "An exchange has exactly one origin.",
    )
    _two_parties = models.Constraint(
        "CHECK (provider_id <> receiver_id)",
        "An exchange has two parties: nobody owes anything to itself.",
    )
    _once_per_booking = models.UniqueIndex(
        "(booking_id) WHERE counter_of_id IS NULL",
        "This booking has its exchange already.",
    )
    _once_per_share = models.UniqueIndex(
        "(share_id, nature) WHERE counter_of_id IS NULL",
        "This share has its exchange already.",
    )
    _once_per_call_line = models.UniqueIndex(
        "(call_line_id) WHERE counter_of_id IS NULL",
        "This call has its exchange already.",
    )
    _once_per_damage = models.UniqueIndex(
        "(damage_id) WHERE counter_of_id IS NULL",
        "This damage has its exchange already.",
    )
    _once_per_staff_loan = models.UniqueIndex(
        "(staff_loan_id) WHERE counter_of_id IS NULL",
        "This staff time has its exchange already.",
    )
    _corrected_once = models.UniqueIndex(
        "(counter_of_id) WHERE counter_of_id IS NOT NULL",
        "This exchange is corrected already.",
    )

    def init(self):
        """The database refuses any change of what was settled, on any channel."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION ess_exchange_frozen() RETURNS trigger AS $$
                DECLARE released boolean := FALSE;
                BEGIN
                    IF OLD.settled_on IS NULL THEN
                        RETURN COALESCE(NEW, OLD);
                    END IF;
                    -- A settlement that is reversed as a whole lets its exchanges go,
                    -- as they are; its items are no longer live by then.
                    IF TG_OP = 'UPDATE' AND NEW.settled_on IS NULL
                       AND EXISTS (SELECT 1 FROM ess_settlement_item item
                                     JOIN ess_settlement s
                                       ON s.id = item.settlement_id
                                    WHERE item.exchange_id = OLD.id
                                      AND s.id = OLD.settlement_id
                                      AND s.state = 'reversed' AND NOT item.live)
                    THEN
                        NEW.settlement_id := OLD.settlement_id;
                        NEW.settled_on := OLD.settled_on;
                        released := TRUE;
                    END IF;
                    IF TG_OP = 'DELETE' OR
                       (NEW.date, NEW.nature, NEW.provider_id, NEW.receiver_id,
                        NEW.product_id, NEW.quantity, NEW.uom_id, NEW.currency_id,
                        NEW.value, NEW.amount, NEW.booking_id, NEW.share_id,
                        NEW.call_line_id, NEW.damage_id, NEW.deposit_id,
                        NEW.staff_loan_id, NEW.round_share_id,
                        NEW.settlement_id, NEW.settled_on,
                        NEW.name, NEW.company_id, NEW.counter_of_id, NEW.reason,
                        NEW.analytic_distribution)
                       IS DISTINCT FROM
                       (OLD.date, OLD.nature, OLD.provider_id, OLD.receiver_id,
                        OLD.product_id, OLD.quantity, OLD.uom_id, OLD.currency_id,
                        OLD.value, OLD.amount, OLD.booking_id, OLD.share_id,
                        OLD.call_line_id, OLD.damage_id, OLD.deposit_id,
                        OLD.staff_loan_id, OLD.round_share_id,
                        OLD.settlement_id, OLD.settled_on,
                        OLD.name, OLD.company_id, OLD.counter_of_id, OLD.reason,
                        OLD.analytic_distribution)
                    THEN
                        RAISE EXCEPTION 'Exchange %% is settled', OLD.id
                              USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF released THEN
                        NEW.settlement_id := NULL;
                        NEW.settled_on := NULL;
                    END IF;
                    RETURN NEW;
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS ess_exchange_frozen ON ess_exchange;
                CREATE TRIGGER ess_exchange_frozen
                       BEFORE UPDATE OR DELETE ON ess_exchange
                       FOR EACH ROW EXECUTE FUNCTION ess_exchange_frozen();
                """
            )
        )

    # === COMPUTE METHODS === #

    @api.depends("value", "amount")
    def _compute_saving(self):
        for exchange in self:
            exchange.saving = exchange.value - exchange.amount

    @api.depends("settled_on")
    def _compute_state(self):
        for exchange in self:
            exchange.state = "settled" if exchange.settled_on else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted >= {"open", "settled"}:
            return []
        return [("settled_on", "!=" if "settled" in wanted else "=", False)]

    # === CRUD METHODS === #

    def write(self, vals):
        # whether it may be released is up to the trigger of the database
        if set(vals) - FREE_FIELDS and vals != RELEASED:
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_open()

    def _check_open(self):
        settled = self.filtered("settled_on")
        if settled:
            raise UserError(
                self.env._(
                    "%(exchange)s was settled on %(date)s and cannot change any more: "
                    "make a counter-exchange.",
                    exchange=settled[0].display_name,
                    date=fields.Date.to_string(settled[0].settled_on),
                )
            )

    # === SETTLEMENT === #

    def _get_origin(self):
        """:return: the booking, the share or the call that this exchange comes from"""
        self.ensure_one()
        return next(self[name] for name in ORIGINS if self[name])

    def _is_held(self):
        """Whether it moves money that stands on an account of its own."""
        self.ensure_one()
        return self.nature in HELD

    def _settle(self, settlement):
        """From now on they do not change any more, on any channel."""
        self.write(
            {"settlement_id": settlement.id, "settled_on": fields.Datetime.now()}
        )

    def _release(self):
        """A settlement that is reversed as a whole lets them go, as they are.

        The trigger of the database sees to it: the settlement has to be reversed and
        its items no longer live by then.
        """
        self.env.flush_all()
        self.write(RELEASED)
        self.flush_recordset()

    # === ACTIONS === #

    def _make_counter(self, reason):
        """Undo these exchanges by their mirror image, which says why.

        :return: the counter-exchanges
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Reason: say why the exchange is undone."))
        return self.create(
            [
                {
                    "name": self.env._("Correction of %s", exchange.name),
                    "date": fields.Date.context_today(self),
                    "nature": exchange.nature,
                    "provider_id": exchange.provider_id.id,
                    "receiver_id": exchange.receiver_id.id,
                    "product_id": exchange.product_id.id,
                    "quantity": -exchange.quantity,
                    "uom_id": exchange.uom_id.id,
                    "currency_id": exchange.currency_id.id,
                    "value": -exchange.value,
                    "amount": -exchange.amount,
                    "booking_id": exchange.booking_id.id,
                    "share_id": exchange.share_id.id,
                    "call_line_id": exchange.call_line_id.id,
                    "damage_id": exchange.damage_id.id,
                    "deposit_id": exchange.deposit_id.id,
                    "staff_loan_id": exchange.staff_loan_id.id,
                    "round_share_id": exchange.round_share_id.id,
                    "tax_ids": [Command.set(exchange.tax_ids.ids)],
                    "analytic_distribution": exchange.analytic_distribution,
                    "counter_of_id": exchange.id,
                    "company_id": exchange.company_id.id,
                    "reason": reason,
                }
                for exchange in self
            ]
        )
