# SPDX-License-Identifier: Apache-2.0
"""A real SMTP server for the tests of notices: Exim with a configuration of its own, on loopback, that keeps what it accepts in its queue."""
import os
import shutil
import socket
import subprocess
import time

EXIM = shutil.which("exim4", path=os.environ.get("PATH", "") + ":/usr/sbin")
SECONDS = 60
CONFIGURATION = """primary_hostname = relay.example
spool_directory = {folder}
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
queue_only = true
message_size_limit = 25M
acl_smtp_rcpt = judge
begin acl
judge:
  deny local_parts = nobody
       message = no such user
  defer local_parts = later
        message = come back later
  accept
begin routers
begin transports
"""


class Relay:
    """Exim with a configuration of its own that keeps what it accepts in its queue."""

    def __init__(self, place):
        self.folder, configuration = place("exim"), place("exim.conf")
        os.makedirs(self.folder)
        os.chmod(os.path.dirname(self.folder), 0o755)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "Debian-exim", "Debian-exim")
        with open(configuration, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(folder=self.folder))
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen([EXIM, "-C", configuration, "-bdf", "-oX", f"127.0.0.1.{self.port}"], stderr=subprocess.PIPE)
        end = time.monotonic() + SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(self.process.stderr.read())
            time.sleep(0.05)

    def answers(self):
        """Whether it greets."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as link:
                return link.recv(100).startswith(b"220")
        except OSError:
            return False

    def accepted(self):
        """Headers of what it took."""
        found = []
        for folder, _, names in os.walk(os.path.join(self.folder, "input")):
            for name in names:
                if name.endswith("-H"):
                    with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                        found.append(file.read())
        return found

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait(SECONDS)
        self.process.stderr.close()
