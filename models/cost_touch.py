from odoo.tools import SQL


def touch(records):
    """Write the rows as they are: whoever changes them at the same time collides.

    A lock would not do: at REPEATABLE READ the one that waited still reads what was
    there before, while an updated row makes it fail, and Odoo tries it again.
    """
    if records:
        records.env.cr.execute(
            SQL(
                "UPDATE %s SET write_uid = write_uid WHERE id IN %s",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )
