from odoo import fields, models
from odoo.tools import SQL

GATES = 16


class RoundGate(models.Model):
    """Where a commitment and the freeze of its round collide.

    A commitment counts up one of the gates of its round (that of its member), the
    freeze counts up all of them: whoever comes second fails and is tried again. One
    counter on the round would do, but then all members who commit at the same moment
    would collide with each other; here only one in sixteen does.
    """

    _name = "ess.round.gate"
    _description = "Gate of a Round"
    _order = "round_id, number"
    _log_access = False
    _rec_name = "number"

    round_id = fields.Many2one(
        "ess.round", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True)
    version = fields.Integer(required=True, default=0)

    _once = models.Constraint(
        "UNIQUE (round_id, number)", "This gate is there already."
    )

    def init(self):
        """A round has its gates from its first moment, on any channel."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION ess_round_gates() RETURNS trigger AS $$
                BEGIN
                    INSERT INTO ess_round_gate (round_id, number, version)
                    SELECT NEW.id, number, 0
                      FROM generate_series(0, %(last)s) AS number;
                    RETURN NEW;
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS ess_round_gates ON ess_round;
                CREATE TRIGGER ess_round_gates AFTER INSERT ON ess_round
                       FOR EACH ROW EXECUTE FUNCTION ess_round_gates();
                INSERT INTO ess_round_gate (round_id, number, version)
                SELECT r.id, number, 0
                  FROM ess_round r, generate_series(0, %(last)s) AS number
                    ON CONFLICT DO NOTHING;

                CREATE OR REPLACE FUNCTION ess_commitment_gate() RETURNS trigger AS $$
                DECLARE
                    row ess_commitment%%ROWTYPE;
                    buying integer;
                    stage varchar;
                BEGIN
                    row := COALESCE(NEW, OLD);
                    SELECT r.id, r.state INTO buying, stage
                      FROM ess_round_offer o JOIN ess_round r ON r.id = o.round_id
                     WHERE o.id = row.offer_id;
                    IF buying IS NULL THEN  -- deleted together with its round
                        RETURN row;
                    END IF;
                    UPDATE ess_round_gate SET version = version + 1
                     WHERE round_id = buying AND number = row.entity_id %% %(gates)s;
                    IF stage <> 'open' AND NOT
                       (TG_OP = 'DELETE' AND stage IN ('draft', 'cancelled'))
                    THEN
                        RAISE EXCEPTION 'Round %% is %%', buying, stage
                              USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN row;
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS ess_commitment_gate ON ess_commitment;
                CREATE TRIGGER ess_commitment_gate
                       BEFORE INSERT OR DELETE OR UPDATE OF want, tolerance, minimum,
                              ceiling, has_ceiling, offer_id, entity_id
                       ON ess_commitment
                       FOR EACH ROW EXECUTE FUNCTION ess_commitment_gate();
                """,
                last=GATES - 1,
                gates=GATES,
            )
        )
