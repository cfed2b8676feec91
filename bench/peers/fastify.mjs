import Fastify from "fastify";
import { authenticate, count, view } from "./video.mjs";

const app = Fastify({ logger: false });
app.decorateRequest("user", "");
app.addHook("onRequest", async (request, reply) => {
  request.user = authenticate(request.headers.authorization).user_id;
  reply.headers(count(request.user));
});
app.get("/api/v1/videos/:id", (request, reply) => reply.send(view(request.user, request.params.id)));
app.setErrorHandler((error, request, reply) => reply.code(error.status ?? 500).send({ code: error.message }));
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
