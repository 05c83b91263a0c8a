# SPDX-License-Identifier: Apache-2.0
"""A real IMAP server for tests: Dovecot without rights, on free ports of the loopback interface, over a maildir below the folder of the test."""
import grp
import os
import pwd
import socket
import subprocess

PROGRAM = "/usr/sbin/dovecot"
USER = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
CONFIGURATION = """
protocols = imap
base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 0
listen = 127.0.0.1
ssl = required
ssl_cert = <{d}/server.pem
ssl_key = <{d}/server.key
mail_location = maildir:{d}/Maildir
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={d}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def free_port():
    """One that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def without_rights():
    """Arguments of Popen for a server."""
    return {"user": USER, "group": pwd.getpwnam(USER).pw_gid, "extra_groups": []} if os.getuid() == 0 else {}


def answers(port):
    """Does somebody listen there?"""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def certificate(folder):
    """server.key and server.pem for localhost."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/server.key", "-out", f"{folder}/server.pem", "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)


def give(folder):
    """All of a folder to the server's user."""
    entry = pwd.getpwnam(USER)
    if os.getuid() == 0:
        for where, _, names in os.walk(folder):
            for name in [where] + [os.path.join(where, n) for n in names]:
                os.chown(name, entry.pw_uid, entry.pw_gid)


def start(folder, ports):
    """The server, over folder/Maildir; ports are "imap" and "imaps". The folder is its user's then."""
    values = {"d": folder, "user": USER, "group": grp.getgrgid(pwd.getpwnam(USER).pw_gid).gr_name, **ports}
    with open(f"{folder}/dovecot.conf", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(**values))
    for name in ("run", "state", "Maildir/new", "Maildir/cur", "Maildir/tmp"):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    give(folder)
    with open(f"{folder}/errors", "ab") as errors:
        return subprocess.Popen([PROGRAM, "-F", "-c", f"{folder}/dovecot.conf"], stdout=subprocess.DEVNULL, stderr=errors, stdin=subprocess.DEVNULL,
                                start_new_session=True, **without_rights())
