// How long a piece of work still takes, out of what was measured while the page was open. With no basis there is no estimate.

const window_ms = 30_000;
const basis_ms = 4_000;
const basis_percent = 2;

export class Estimate {
  #seen = [];

  // Percent done at a time in milliseconds. Progress that falls is other work: what was seen before says nothing about it.
  add(percent, now = performance.now()) {
    if (this.#seen.length && percent < this.#seen.at(-1).percent) this.#seen = [];
    this.#seen.push({ percent, now });
    while (this.#seen.length > 2 && this.#seen[1].now < now - window_ms) this.#seen.shift();
  }

  seconds_left() {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || last.now - first.now < basis_ms || last.percent - first.percent < basis_percent) return null;
    return ((100 - last.percent) * (last.now - first.now)) / (last.percent - first.percent) / 1000;
  }
}
