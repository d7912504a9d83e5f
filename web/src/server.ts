/* Requests to the server on this machine, and whether it answers. */

/** The server answered, and refused: its one clear line. */
export class Refused extends Error {
  constructor(readonly status: number, message: string) { super(message); }
}

/** Nobody answered. */
export class Lost extends Error {
  constructor() { super("The connection to Personae is lost."); }
}

const RETRY = 1500;
const LONGEST = 120_000;
const token = document.querySelector<HTMLMetaElement>("meta[name='personae-token']")?.content ?? "";

export class Server {
  lost = false;
  private readonly listeners = new Set<(lost: boolean) => void>();

  /** Tells when the connection is lost and when it is back; returns how to stop. */
  watch(listener: (lost: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async get<T>(path: string): Promise<T> {
    return (await this.ask(path, { method: "GET" })).json() as Promise<T>;
  }

  /** Null where there is nothing new (204). */
  async poll<T>(path: string): Promise<T | null> {
    const answer = await this.ask(path, { method: "GET" });
    return answer.status === 204 ? null : (answer.json() as Promise<T>);
  }

  async text(path: string): Promise<string> {
    return (await this.ask(path, { method: "GET" })).text();
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    const raw = body instanceof Blob ? body : body === undefined ? null : JSON.stringify(body);
    const type = body instanceof Blob ? "application/octet-stream" : "application/json";
    const answer = await this.ask(path, { method: "POST", body: raw, headers: { "Content-Type": type } });
    return (answer.status === 204 ? null : await answer.json()) as T;
  }

  async remove(path: string): Promise<void> {
    await this.ask(path, { method: "DELETE" });
  }

  /** Sent even while the page is being closed. */
  leave(path: string, body: unknown): void {
    const headers = { "Content-Type": "application/json", "X-Personae-Token": token };
    void fetch(path, { method: "POST", keepalive: true, headers, body: JSON.stringify(body) }).catch(() => this.lose());
  }

  private async ask(path: string, options: RequestInit): Promise<Response> {
    const headers = { ...(options.headers as Record<string, string>), "X-Personae-Token": token };
    let answer: Response;
    try {
      answer = await fetch(path, { ...options, headers, signal: AbortSignal.timeout(LONGEST) });
    } catch {
      this.lose();
      throw new Lost();
    }
    this.found();
    if (!answer.ok) throw new Refused(answer.status, await reason(answer));
    return answer;
  }

  private lose(): void {
    if (this.lost) return;
    this.lost = true;
    this.tell();
    setTimeout(() => void this.knock(), RETRY);
  }

  private async knock(): Promise<void> {
    const there = await fetch("/api/shelf", { signal: AbortSignal.timeout(LONGEST) }).then(() => true, () => false);
    if (there) this.found();
    else if (this.lost) setTimeout(() => void this.knock(), RETRY);
  }

  private found(): void {
    if (!this.lost) return;
    this.lost = false;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.lost);
  }
}

async function reason(answer: Response): Promise<string> {
  const said = await answer.json().catch(() => null) as { error?: string } | null;
  return said?.error ?? `Personae answered ${answer.status}; look at the window it was started in.`;
}
