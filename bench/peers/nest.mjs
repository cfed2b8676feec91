// NestJS on its default platform (Express), without TypeScript: decorators are called as the functions they are.
import "reflect-metadata";
import { Controller, Get, HttpException, Module, Param, Req, UseGuards } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { authenticate, count, view } from "./video.mjs";

class Gate {
  canActivate(context) {
    const http = context.switchToHttp();
    const request = http.getRequest();
    return answered(() => {
      request.user = authenticate(request.headers.authorization).user_id;
      http.getResponse().set(count(request.user));
      return true;
    });
  }
}

class Videos {
  show(id, request) {
    return answered(() => view(request.user, id));
  }
}

class App {}

function answered(work) {
  try {
    return work();
  } catch (error) {
    throw new HttpException({ code: error.message }, error.status ?? 500);
  }
}

Param("id")(Videos.prototype, "show", 0);
Req()(Videos.prototype, "show", 1);
Get(":id")(Videos.prototype, "show", Object.getOwnPropertyDescriptor(Videos.prototype, "show"));
UseGuards(Gate)(Videos);
Controller("api/v1/videos")(Videos);
Module({ controllers: [Videos] })(App);

const app = await NestFactory.create(App, { logger: false });
await app.listen(Number(process.env.PORT), "127.0.0.1");
