import { setTimeout as sleep } from "node:timers/promises";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import swagger, { type FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify from "fastify";
import { Type } from "typebox";
import { countAttempts } from "../auth/attempts.ts";
import { openHub } from "../live/hub.ts";
import { identifyCallers } from "./caller.ts";
import type { Api, ApiOptions, ApiWorld } from "./options.ts";
import { Refusal, sendProblem } from "./problem.ts";
import { addAnswerPages } from "./routes/answer.ts";
import { addAnswerLinkRoutes } from "./routes/answer-links.ts";
import { addAppPasswordRoutes } from "./routes/app-passwords.ts";
import { addCalendarRoutes } from "./routes/calendars.ts";
import { addEventRoutes } from "./routes/events.ts";
import { addFindTimesRoute } from "./routes/find-times.ts";
import { addFreeBusyRoute } from "./routes/free-busy.ts";
import { addImportExportRoutes } from "./routes/import-export.ts";
import { addLedgerRoutes } from "./routes/ledger.ts";
import { addLiveRoute } from "./routes/live.ts";
import { addOidcRoutes } from "./routes/oidc.ts";
import { addPreviewRoutes } from "./routes/preview.ts";
import { addPublishedCalendars } from "./routes/published.ts";
import { addQuestionRoutes } from "./routes/questions.ts";
import { addSendNowRoute } from "./routes/send-now.ts";
import { addSessionRoutes } from "./routes/session.ts";
import { addSharingRoutes } from "./routes/sharing.ts";
import { validatorCompiler } from "./validate.ts";
import { serveWebApp } from "./web-app.ts";

/** Octets of one request: an event with as many guests as are allowed. */
const maxBodyBytes = 8 * 1024 * 1024;
/** A request that takes longer to arrive is dropped. */
const maxRequestMilliseconds = 60_000;
/** A store that takes longer to answer is not ready. */
const maxHealthMilliseconds = 5_000;

/** Starts the JSON API and the web app; resolves once the port takes requests. */
export async function startApi(options: ApiOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const api = await makeApi(options);
  await api.listen({ host: options.host, port: options.port });
  const address = api.server.address();
  if (address === null || typeof address === "string") throw new Error("the API listens on no port");
  return { port: address.port, close: async () => api.close() };
}

async function makeApi(options: ApiOptions): Promise<Api> {
  const world: ApiWorld = { ...options, attempts: countAttempts() };
  const api: Api = fastify({
    loggerInstance: options.logger,
    bodyLimit: maxBodyBytes,
    requestTimeout: maxRequestMilliseconds,
    // A proxy on this machine is believed about who called it.
    trustProxy: "loopback",
    frameworkErrors: sendProblem,
  }).withTypeProvider<TypeBoxTypeProvider>();
  api.setErrorHandler(sendProblem);
  api.setValidatorCompiler(validatorCompiler);
  // The views are typed to the letter of their schemas; a second look at each answer would cost more than making it.
  api.setSerializerCompiler(() => (view) => JSON.stringify(view));
  takeJsonOnly(api);
  endConnectionsWhenClosing(api);
  await api.register(helmet, securityHeaders(options));
  await api.register(cookie);
  await api.register(swagger, openApi(options));
  await api.register((routes: Api) => addApi(routes, world), { prefix: "/api" });
  await addAnswerPages(api, world);
  await addPublishedCalendars(api, world);
  await options.addProtocols?.(api, world.attempts);
  addHealth(api, world);
  await serveWebApp(api, options.webRoot);
  return api;
}

async function addApi(api: Api, world: ApiWorld): Promise<void> {
  identifyCallers(api, world);
  api.addHook("onSend", async (_request, reply) => {
    reply.header("Cache-Control", "no-store");
  });
  addSessionRoutes(api, world);
  addOidcRoutes(api, world);
  addAppPasswordRoutes(api, world);
  addEventRoutes(api, world);
  addPreviewRoutes(api, world);
  addSendNowRoute(api, world);
  addAnswerLinkRoutes(api, world);
  addQuestionRoutes(api, world);
  addLedgerRoutes(api, world);
  addFreeBusyRoute(api, world);
  addCalendarRoutes(api, world);
  addSharingRoutes(api, world);
  addImportExportRoutes(api, world);
  addFindTimesRoute(api, world);
  const hub = openHub(world.house.store);
  api.addHook("preClose", async () => hub.close());
  addLiveRoute(api, world, hub);
  api.get("/openapi.json", { schema: { hide: true } }, () => api.swagger());
}

/** Whoever is answered while the server stops is told to come back by another connection: an open one would keep it from ending. */
function endConnectionsWhenClosing(api: Api): void {
  let closing = false;
  api.addHook("preClose", async () => {
    closing = true;
  });
  api.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("Connection", "close");
  });
}

/** A body is JSON; an empty one is none, whatever type it says it has. */
function takeJsonOnly(api: Api): void {
  const parseJson = api.getDefaultJsonParser("error", "error");
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("application/json", { parseAs: "string" }, (request, body: string, done) => {
    if (body.trim() === "") return done(null, undefined);
    void parseJson(request, body, (error, value) => {
      if (error) return done(new Refusal("invalid", "request: is not JSON."));
      done(null, value);
    });
  });
}

const Health = Type.Object({ status: Type.Union([Type.Literal("ok"), Type.Literal("unavailable")]) });

/** Strangers may ask: they are told yes or no, and what is wrong is in the log. */
function addHealth(api: Api, world: ApiWorld): void {
  api.get(
    "/healthz/live",
    { schema: { summary: "Whether the process answers", security: [], response: { 200: Health } } },
    async (_request, reply) => {
      reply.header("Cache-Control", "no-store");
      return { status: "ok" as const };
    },
  );
  const summary = "Whether the server reaches its store and delivers";
  for (const url of ["/healthz", "/healthz/ready"]) {
    api.get(
      url,
      { schema: { summary, security: [], response: { 200: Health, 503: Health } } },
      async (request, reply) => {
        const isReady = await checkReady(world).catch((error: unknown) => {
          request.log.error({ err: error }, "not ready");
          return false;
        });
        reply.code(isReady ? 200 : 503).header("Cache-Control", "no-store");
        return { status: isReady ? ("ok" as const) : ("unavailable" as const) };
      },
    );
  }
}

/** A store that opened has done its migrations; it must still answer, and soon. */
async function checkReady({ house, isWorking }: ApiWorld): Promise<boolean> {
  if (!isWorking()) return false;
  const answer = house.store.read((transaction) => transaction.principals.byId("0")).then(() => true);
  return Promise.race([answer, sleep(maxHealthMilliseconds, false, { ref: false })]);
}

function securityHeaders({ publicUrl }: ApiOptions) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
      },
    },
    // Over plain HTTP browsers ignore it; that the whole host has https is the operator's word.
    strictTransportSecurity: publicUrl?.startsWith("https:") ?? false,
    xFrameOptions: { action: "deny" },
  } as const;
}

function openApi({ publicUrl }: ApiOptions): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Parley",
        version: "0.1.0",
        description: "Calendars in agreement: events, answers, and every message.",
      },
      servers: [{ url: publicUrl ?? "/" }],
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: "parley_session" },
          password: { type: "http", scheme: "basic" },
        },
      },
      security: [{ session: [] }, { password: [] }],
    },
  };
}
