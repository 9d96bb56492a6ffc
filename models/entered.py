def entered(records, vals):
    """What a caller sets when it creates a record.

    Its values, and what a default of the context would add to them: a guard that looks
    at the values alone is passed by `default_state`.
    """
    defaults = {
        name.removeprefix("default_"): value
        for name, value in records.env.context.items()
        if name.startswith("default_")
    }
    return {k: v for k, v in defaults.items() if k in records._fields} | vals
