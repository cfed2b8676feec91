import { Queue, Worker } from "bullmq";
import { obey } from "./driver.mjs";

const connection = { host: "127.0.0.1", port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };
const options = { removeOnComplete: false, removeOnFail: false };
const queue = new Queue("bench", { connection, defaultJobOptions: options });
const hooks = { started() {}, ended() {} };
const worker = new Worker("bench", async () => hooks.started(), { connection, concurrency: 64 });
worker.on("completed", () => hooks.ended());
await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
await obey(() => queue.add("nothing", {}), hooks);
