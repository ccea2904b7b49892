"""A terminal with nobody at it."""

import os
import pty
import threading


class Terminal:
    """Keeps all that is written to a terminal of its own."""

    def __init__(self):
        self.ours, self.theirs = pty.openpty()
        self.seen = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            try:
                self.seen += os.read(self.ours, 65_536).decode(errors="replace")
            except OSError:  # the last process that had it open is gone
                return

    def close(self):
        os.close(self.theirs)
        self._reader.join()
        os.close(self.ours)
