import { Logger, run, runMigrations } from "graphile-worker";
import pg from "pg";
import { obey } from "./driver.mjs";

const pgPool = new pg.Pool({ host: process.env.PGHOST, user: process.env.PGUSER, database: "postgres", max: 8 });
const logger = new Logger(() => () => {});
const hooks = { started() {}, ended() {} };
await runMigrations({ pgPool, logger });
const runner = await run({
  pgPool, logger, concurrency: 64, noHandleSignals: true,
  taskList: { nothing: async () => hooks.started() },
  preset: { worker: { concurrentJobs: 64, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
});
runner.events.on("job:complete", () => hooks.ended());
await obey(() => runner.addJob("nothing", {}), hooks);
