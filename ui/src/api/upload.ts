// SPDX-License-Identifier: Apache-2.0
/* Files of any size go to the server in pieces (/api/v1/uploads): what came stays there when the line breaks, and goes on from there, also
   after the page was loaded anew, when the same file is chosen. */
import { language, t } from "../text";
import { BASE, forgeryToken, get, Problem } from "./client";
import type { Input } from "./types";

const WAIT_MS = 1000, MOST_WAIT_MS = 30000, PATIENCE = 20; // tries without a byte of progress: about eight minutes
const LOST = 0; // the status of what no answer came to

export interface Part { id: number; name: string; length: number | null; offset: number; complete: boolean; input: number | null }
export interface Upload { done: Promise<Input>; cancel: () => void }
/** Hears the bytes that are there, and for how many seconds it waits before it goes on (0: it is going). */
export type Hear = (sent: number, waits: number) => void;

/** What tells a file from another without reading it: a piece of another one must never go into it. */
const memory = (file: File, handlingClass: number): string => `ekigaku upload ${handlingClass} ${file.size} ${file.lastModified} ${file.name}`;

interface Heard { status: number; body: (Partial<Input> & Partial<Part> & { title?: string; detail?: string }) | null; offset: number }

/** One request; resolves with whatever came. */
function ask(method: string, path: string, headers: Record<string, string>, body: Blob | null, tell: (request: XMLHttpRequest) => void): Promise<Heard> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(method, BASE + path);
    for (const [name, value] of Object.entries({ "Accept-Language": language(), "X-CSRF-Token": forgeryToken(), ...headers })) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.onloadend = () => resolve({ status: request.status, body: request.response as Heard["body"], offset: Number(request.getResponseHeader("Upload-Offset") ?? -1) });
    tell(request);
    request.send(body);
  });
}

const problemOf = (heard: Heard): Problem => new Problem(heard.status, heard.body?.title ?? t("The server answered {1}.", heard.status), heard.body?.detail ?? "");
/** Worth another try: the line, a server that restarts, a place that moved. */
const passes = (status: number): boolean => status === LOST || status === 409 || status === 429 || status === 502 || status === 503 || status === 504;

class Sender {
  private stopped = false;
  private request: XMLHttpRequest | null = null;
  private wake: () => void = () => undefined;
  private readonly key: string;

  constructor(private readonly file: File, private readonly handlingClass: number, private readonly hear: Hear) {
    this.key = memory(file, handlingClass);
  }

  cancel(): void {
    this.stopped = true;
    this.request?.abort();
    this.wake();
  }

  private ask(method: string, path: string, headers: Record<string, string>, body: Blob | null, from = 0): Promise<Heard> {
    if (this.stopped) throw new Problem(LOST, t("The upload was stopped. What came is kept for two days."), "");
    return ask(method, path, headers, body, (request) => {
      this.request = request;
      if (body) request.upload.onprogress = (event) => this.hear(from + event.loaded, 0);
    });
  }

  private async begin(): Promise<number> {
    const made = await this.ask("POST", `/inputs?name=${encodeURIComponent(this.file.name.slice(0, 200))}&handling_class=${this.handlingClass}`,
      { "Upload-Complete": "?0", "Upload-Length": String(this.file.size) }, null);
    if (made.status !== 201 || !made.body?.id) throw problemOf(made);
    localStorage.setItem(this.key, String(made.body.id));
    return made.body.id;
  }

  /** The upload that this file was on, when the server still has it. */
  private async known(): Promise<Part | null> {
    const id = Number(localStorage.getItem(this.key));
    const found = id ? await this.ask("GET", `/uploads/${id}`, {}, null) : null;
    if (found && passes(found.status)) throw problemOf(found);
    return found?.status === 200 && found.body?.length === this.file.size ? (found.body as Part) : null;
  }

  /** One try; null when it is to be tried again. */
  private async once(): Promise<Input | null> {
    const part = await this.known();
    if (part?.input) return get<Input>(`/inputs/${part.input}`);
    const id = part?.id ?? (await this.begin()), offset = part?.offset ?? 0;
    this.hear(offset, 0);
    const sent = await this.ask("PATCH", `/uploads/${id}`, { "Content-Type": "application/partial-upload", "Upload-Offset": String(offset), "Upload-Complete": "?1" },
      this.file.slice(offset), offset);
    if (sent.status === 201) return sent.body as Input;
    if (!passes(sent.status)) throw problemOf(sent);
    return null;
  }

  private pause(seconds: number, sent: number): Promise<void> {
    this.hear(sent, seconds);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }

  async run(): Promise<Input> {
    let before = -1, far = 0, wait = WAIT_MS;
    const heard = this.hear;
    const hear: Hear = (sent, waits) => { far = sent; heard(sent, waits); };
    Object.assign(this, { hear });
    for (let tries = 0; ; tries++) {
      try {
        const input = await this.once();
        if (input) {
          localStorage.removeItem(this.key);
          return input;
        }
      } catch (wrong) {
        if (this.stopped || !(wrong instanceof Problem) || !passes(wrong.status) || tries >= PATIENCE) throw wrong;
      }
      if (this.stopped || tries >= PATIENCE) throw new Problem(LOST, t("The upload was stopped. What came is kept for two days."), "");
      if (far > before) [before, wait, tries] = [far, WAIT_MS, 0];
      await this.pause(wait / 1000, far);
      wait = Math.min(wait * 2, MOST_WAIT_MS);
    }
  }
}

/** Sends a file as it is, of any size, however often the line breaks. */
export function upload(file: File, handlingClass: number, hear: Hear): Upload {
  const sender = new Sender(file, handlingClass, hear);
  return { done: sender.run(), cancel: () => sender.cancel() };
}
