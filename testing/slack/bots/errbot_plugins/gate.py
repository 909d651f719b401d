from errbot import BotPlugin, botcmd


class Gate(BotPlugin):
    """Opens the gate."""

    @botcmd
    def gate(self, message, args):
        """Opens it."""
        return f"문이 열렸어요, {message.frm.person}: {args}"
