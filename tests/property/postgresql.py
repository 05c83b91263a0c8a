# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of a test's own: in a temporary folder, on a socket there, never the system's."""
import ctypes
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time


class Server:
    """Use with `with`; `url(name)` makes an empty database. `installed()` says whether there is one to start."""

    def __init__(self):
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.folder = tempfile.mkdtemp(prefix="ekigaku-cluster-")
        self.data = os.path.join(self.folder, "data")
        self.process = None
        self.owner = None
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            try:
                self.owner = pwd.getpwnam("postgres")
            except KeyError:
                self.owner = pwd.getpwnam("nobody")
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)

    @staticmethod
    def installed():
        """Is PostgreSQL there?"""
        return bool(glob.glob("/usr/lib/postgresql/*/bin/postgres"))

    def _become(self):
        """In the child: another user, and an end with the parent."""
        if self.owner:
            os.setgroups([])
            os.setgid(self.owner.pw_gid)
            os.setuid(self.owner.pw_uid)
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG

    def _program(self, name, *arguments):
        return dict(args=[os.path.join(self.programs, name), *arguments], preexec_fn=self._become, cwd=self.folder,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        subprocess.run(**self._program("initdb", "-D", self.data, "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                                       "--no-sync"), check=True)
        self.start()
        return self

    def start(self):
        """Starts it, and waits until it answers."""
        self.process = subprocess.Popen(**self._program("postgres", "-D", self.data, "-k", self.folder, "-h", "", "-F"))
        for _ in range(1500):
            if subprocess.run(**self._program("pg_isready", "-q", "-h", self.folder, "-U", "desk", "-d", "postgres"), check=False).returncode == 0:
                return
            time.sleep(.02)
        raise RuntimeError("PostgreSQL does not start")

    def kill(self):
        """As if power were lost."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def sql(self, text, database="postgres"):
        """Runs some SQL; its output as text."""
        done = subprocess.run([os.path.join(self.programs, "psql"), "-h", self.folder, "-U", "desk", "-d", database, "-qAtc", text],
                              capture_output=True, text=True, check=True)
        return done.stdout

    def url(self, name):
        """The URL of a new, empty database."""
        self.sql(f"CREATE DATABASE {name}")
        return f"postgresql:///{name}?host={self.folder}&user=desk"

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder)
