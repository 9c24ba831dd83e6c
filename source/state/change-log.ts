/** Longest stretch of changes that is kept. */
const MOST = 8_192;

/**
 * Which things have changed, by name, so that a reader looks at these alone. A reader keeps the `position` of its last
 * look; nobody has to tell the log that it was read. It keeps the last changes, some thousands of them.
 */
export type ChangeLog = {
  /** Rises with every change that is noted. */
  readonly position: number;
  /** What has changed since a position, each once; null when that is longer ago than the log reaches: anything may have. */
  since(position: number): ReadonlySet<string> | null;
};

/** The log as its owner sees it. */
export class OpenChangeLog implements ChangeLog {
  #names: string[] = [];
  /** The position of the first name that is kept. */
  #first = 0;

  get position(): number {
    return this.#first + this.#names.length;
  }

  add(name: string): void {
    if (this.#names.length >= MOST) {
      this.#names = this.#names.slice(MOST / 2);
      this.#first += MOST / 2;
    }
    this.#names.push(name);
  }

  since(position: number): ReadonlySet<string> | null {
    return position < this.#first ? null : new Set(this.#names.slice(position - this.#first));
  }
}
