def uninstall_hook(env):
    """The trigger goes with its table; its function would stay behind."""
    env.cr.execute("DROP FUNCTION IF EXISTS ess_exchange_frozen() CASCADE")
