// SPDX-License-Identifier: Apache-2.0
/* The way to the server: JSON in and out, problem+json as one kind of error, the session's CSRF token on every write. */
import { language, t } from "../text";
import type { Session } from "./types";

export const BASE = "/api/v1";

/** What the server says when it refuses (RFC 9457). */
export class Problem extends Error {
  constructor(readonly status: number, readonly title: string, readonly detail: string) {
    super(detail || title);
  }
}

let csrf = "";
/** What a write must say besides the cookie. */
export const forgeryToken = (): string => csrf;
let onLost: () => void = () => undefined;

/** Called when the server no longer knows the session. */
export const whenSessionLost = (act: () => void): void => void (onLost = act);

async function problem(answer: Response): Promise<Problem> {
  let body: { title?: string; detail?: string } = {};
  try {
    body = (await answer.json()) as typeof body;
  } catch {
    // no JSON: the status must do
  }
  return new Problem(answer.status, body.title ?? t("The server answered {1}.", answer.status), body.detail ?? "");
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  let answer: Response;
  try {
    answer = await fetch(BASE + path, { method, headers, signal, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (wrong) {
    if (signal?.aborted) throw wrong;
    throw new Problem(0, t("The server cannot be reached. Is ekigaku serve running?"), "");
  }
  if (!answer.ok) {
    if (answer.status === 401 && path !== "/session") onLost();
    throw await problem(answer);
  }
  return answer;
}

async function read<T>(answer: Response): Promise<T> {
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> => read<T>(await send("GET", path, undefined, signal));
export const post = async <T>(path: string, body: unknown): Promise<T> => read<T>(await send("POST", path, body ?? {}));
/** A POST that takes no body. */
export const press = async <T>(path: string): Promise<T> => read<T>(await send("POST", path, undefined));
/** A file as it is. */
export async function handIn<T>(path: string, file: Blob): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language(), "Content-Type": "application/octet-stream" };
  if (csrf) headers["X-CSRF-Token"] = csrf;
  const answer = await fetch(BASE + path, { method: "POST", headers, credentials: "same-origin", body: file });
  if (!answer.ok) throw await problem(answer);
  return read<T>(answer);
}
export const put = async <T>(path: string, body: unknown): Promise<T> => read<T>(await send("PUT", path, body));
export const patch = async <T>(path: string, body: unknown): Promise<T> => read<T>(await send("PATCH", path, body));
export const remove = async (path: string): Promise<void> => void (await send("DELETE", path, undefined));

/** Bytes that are no JSON (the raster). */
export async function getBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await send("GET", path, undefined, signal)).arrayBuffer();
}

function keep(session: Session): Session {
  csrf = session.csrf;
  return session;
}

export const session = async (): Promise<Session> => keep(await get<Session>("/session"));
export const signIn = async (name: string, password: string): Promise<Session> => keep(await post<Session>("/session", { name, password }));
export const accept = async (token: string, password: string): Promise<Session> =>
  keep(await post<Session>(`/invitation/${encodeURIComponent(token)}`, { password }));

export async function signOut(): Promise<void> {
  await remove("/session");
  csrf = "";
}
