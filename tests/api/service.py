# SPDX-License-Identifier: Apache-2.0
"""What the tests of the service share: a service of its own for each test, a client, TAP, and a judge of answers
against the service's own description."""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("EKIGAKU", os.path.join(ROOT, "build/ekigaku"))
GENERATE = os.environ.get("EKI_GENERATE", os.path.join(ROOT, "build/tests/generate/eki-generate"))
FOLDER = tempfile.TemporaryDirectory(prefix="ekigaku-api-")
SECONDS = 120
PASSWORD = "correct horse battery"


class Tap:
    """Counts and prints; call check() for each statement and end() last."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, good, *why):
        """One statement; `why` is printed when it does not hold."""
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if not good:
            for line in why:
                print("\n".join("# " + part[:300] for part in str(line).splitlines()[:20]))

    def skip(self, name, why):
        """Something that cannot be tried here."""
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def end(self):
        """The plan, and the status."""
        print(f"1..{self.count}")
        sys.exit(1 if self.failed or not self.count else 0)


class Answer:
    """Status, headers and body of an answer."""

    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def json(self):
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def type(self):
        """The media type without parameters."""
        return (self.headers["Content-Type"] or "").split(";")[0]

    def __str__(self):
        return f"{self.status} {self.type} {self.body[:300]!r}"


class Client:
    """A browser: keeps the session's cookie and its token."""

    def __init__(self, port, source=None):
        self.port, self.source, self.cookie, self.csrf = port, source, None, None

    def ask(self, method, path, body=None, headers=None, raw=False):
        """One request on a connection of its own; `body` is made JSON unless raw."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS,
                                          source_address=(self.source, 0) if self.source else None)
        sent = {}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf
        if body is not None and not raw:
            body, sent["Content-Type"] = json.dumps(body), "application/json"
        link.request(method, path, body, {**sent, **(headers or {})})
        answer = Answer(link.getresponse())
        link.close()
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer

    def get(self, path, **headers):
        """GET below /api/v1."""
        return self.ask("GET", "/api/v1" + path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def send(self, method, path, body=None, **headers):
        """Another method below /api/v1."""
        return self.ask(method, "/api/v1" + path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def sign_in(self, name, password=PASSWORD):
        """True when it worked."""
        answer = self.send("POST", "/session", {"name": name, "password": password})
        self.csrf = answer.json["csrf"] if answer.status == 201 else None
        return answer.status == 201

    def redeem(self, link):
        """Sets the password by a one-time link; signed in afterwards."""
        answer = self.send("POST", link, {"password": PASSWORD})
        self.csrf = answer.json["csrf"] if answer.status == 201 else None
        return answer

    def upload(self, path, name, **query):
        """Hands a file in; the answer."""
        more = "".join(f"&{key}={value}" for key, value in query.items())
        with open(path, "rb") as file:
            return self.ask("POST", f"/api/v1/inputs?name={name}{more}", file, {"Content-Type": "application/octet-stream"}, raw=True)

    def wait(self, job, states=("done", "failed", "cancelled")):
        """The job once it is in one of these states."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            row = self.get(f"/jobs/{job}").json
            if row["state"] in states:
                return row
            time.sleep(0.05)
        return row


class Service:
    """A running program with a data directory of its own."""

    def __init__(self, *options, name="desk", store=None, environment=None, prefix=()):
        self.data, self.options, self.prefix = os.path.join(FOLDER.name, name), options, prefix
        self.store, self.environment = store, environment
        self.process = self.log = None
        self.lines = []

    def start(self):
        """Starts it; the client of its administrator when the start was the first, else None."""
        self.log = open(self.data + ".log", "ab")
        more = ["--store", self.store] if self.store else []
        self.process = subprocess.Popen(
            [*self.prefix, PROGRAM, "serve", "--data", self.data, "--listen", "127.0.0.1:0", *more, *self.options],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=dict(os.environ, **(self.environment or {})))
        self.lines = [self.process.stdout.readline()]
        found = re.search(r":(\d+)/", self.lines[0])
        if not found:
            raise RuntimeError(f"no service: {self.lines}, {self.told()[-500:]}")
        self.port = int(found.group(1))
        return self

    def first(self):
        """The administrator of a first start."""
        self.lines += [self.process.stdout.readline(), self.process.stdout.readline()]
        client = Client(self.port)
        client.redeem("/invitation/" + self.lines[-1].strip().rsplit("/", 1)[1])
        return client

    def client(self, name=None, source=None):
        """A client, signed in when a name is given."""
        client = Client(self.port, source)
        if name and not client.sign_in(name):
            raise RuntimeError(f"{name} cannot sign in")
        return client

    def told(self):
        """What it logged."""
        with open(self.data + ".log", encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self, number=signal.SIGTERM):
        """Ends it; its status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(SECONDS)
        self.process.stdout.close()
        self.log.close()
        return status


def generate(mode, *options, name=None):
    """A generated capture; returns its path."""
    prefix = os.path.join(FOLDER.name, name or mode)
    subprocess.run([GENERATE, mode, "--out", prefix, *options], check=True, capture_output=True, timeout=SECONDS)
    return prefix + ".pcap"


class Description:
    """The service's description of itself, and whether answers fit it."""

    def __init__(self, document):
        self.document = document

    def resolve(self, node):
        """Follows a reference."""
        while isinstance(node, dict) and "$ref" in node:
            where = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                where = where[part]
            node = where
        return node

    def operations(self):
        """(METHOD, path) of all that is described."""
        return {(method.upper(), path) for path, item in self.document["paths"].items() for method in item}

    def faults(self, schema, value, at="body"):
        """How a value does not fit a schema: a list of sentences."""
        schema = self.resolve(schema)
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
        if "oneOf" in schema:
            found = [self.faults(one, value, at) for one in schema["oneOf"]]
            return [] if [] in found else found[0]
        wanted = schema.get("type")
        wanted = [wanted] if isinstance(wanted, str) else wanted or []
        fits = any(isinstance(value, int) and not isinstance(value, bool) if kind == "integer" else
                   isinstance(value, (int, float)) and not isinstance(value, bool) if kind == "number" else
                   isinstance(value, kinds[kind]) for kind in wanted)
        if wanted and not fits:
            return [f"{at}: {value!r} is no {' or '.join(wanted)}"]
        found = []
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{at}: {value!r} is none of {schema['enum']}")
        if isinstance(value, dict):
            found += [f"{at}: lacks {name}" for name in schema.get("required", []) if name not in value]
            for name, inner in schema.get("properties", {}).items():
                if name in value:
                    found += self.faults(inner, value[name], f"{at}.{name}")
        if isinstance(value, list) and "items" in schema:
            for number, entry in enumerate(value[:50]):
                found += self.faults(schema["items"], entry, f"{at}[{number}]")
        return found

    def judge(self, method, path, answer):
        """What of an answer is not as described for an operation: a list of sentences."""
        operation = self.document["paths"][path][method.lower()]
        described = self.resolve(operation["responses"].get(str(answer.status)))
        if described is None:
            return [f"{method} {path}: status {answer.status} is not described"]
        content = described.get("content")
        if not content:
            return [f"{method} {path}: {answer.status} has a body"] if answer.body else []
        if answer.type not in content:
            return [f"{method} {path}: type {answer.type} is not described"]
        if "json" not in answer.type:
            return []
        return [f"{method} {path}: {fault}" for fault in self.faults(content[answer.type]["schema"], answer.json)]
