// One order per line of input, answered by one line: "jobs N" adds N no-op jobs by 64 adders and answers when all have ended;
// "latency N" adds each when the one before has ended, and answers the median time from its add to its start in milliseconds.
import { createInterface } from "node:readline";

const adders = 64;

/** `add` adds one job; `onJob` is given what the job must call when it starts, and `onEnd` what must be called when it has ended. */
export async function obey(add, hooks) {
  const jobs = (count) => new Promise((resolve, reject) => {
    let ended = 0;
    hooks.ended = () => { if (++ended === count) resolve("done"); };
    let left = count;
    const adder = async () => { while (left-- > 0) await add(); };
    Promise.all(Array.from({ length: adders }, adder)).catch(reject);
  });
  const latency = async (count) => {
    const times = [];
    while (times.length < count) {
      await new Promise((resolve, reject) => {
        hooks.ended = resolve;
        const added = performance.now();
        hooks.started = () => times.push(performance.now() - added);
        add().catch(reject);
      });
    }
    hooks.started = () => {};
    return String(times.sort((one, other) => one - other)[count >> 1]);
  };
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const [order, count] = line.split(" ");
    console.log(await { jobs, latency }[order](Number(count)));
  }
  process.exit(0);
}
