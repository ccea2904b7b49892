"""A program on a terminal of its own, and somebody who types."""

import os
import pty
import select
import time

from verdict import expect

PATIENCE = 30  # seconds; generous: the machine may be busy


class Typing:
    def __init__(self, command, environment):
        self._shown = ""
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.execvpe(command[0], command, {"PATH": os.environ["PATH"], **environment})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._terminal)  # hangs up
        os.waitpid(self._process, 0)

    def types(self, text):
        os.write(self._terminal, text.encode())

    def waits_for(self, text):
        """Until it is shown; what was shown before that counts no more."""
        end = time.monotonic() + PATIENCE
        while text not in self._shown:
            ready, _, _ = select.select([self._terminal], [], [], max(0, end - time.monotonic()))
            expect(ready, f"{text!r} is not shown, but {self._shown!r}")
            self._shown += os.read(self._terminal, 4096).decode(errors="replace")
        self._shown = self._shown[self._shown.index(text) + len(text):]
