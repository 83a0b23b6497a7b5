import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ann, startTestApi, type TestApi } from "./api.ts";

const html = { accept: "text/html,application/xhtml+xml" };
let api: TestApi;
let webRoot: string;

beforeAll(async () => {
  webRoot = mkdtempSync(join(tmpdir(), "parley-web-"));
  mkdirSync(join(webRoot, "assets"));
  writeFileSync(join(webRoot, "index.html"), "<!doctype html><title>Parley</title>");
  writeFileSync(join(webRoot, "assets", "app-1a2b.js"), "export {};");
  api = await startTestApi({ webRoot });
});
afterAll(async () => {
  await api.close();
  rmSync(webRoot, { recursive: true });
});

describe("the web app", () => {
  test.each(["/", "/events/12", "/ledger?uid=x", "/apiary"])("%s is its page", async (path) => {
    const { status, headers, body } = await api.call("GET", path, { headers: html });
    expect([status, headers.get("cache-control")]).toEqual([200, "no-cache"]);
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    expect(body).toContain("<title>Parley</title>");
  });

  test("its files are kept by browsers for ever", async () => {
    const { status, headers } = await api.call("GET", "/assets/app-1a2b.js");
    expect([status, headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  });

  test.each([
    ["GET", "/assets/missing.js", {}],
    ["GET", "/events/12", {}],
    ["POST", "/events/12", html],
    ["GET", "/api", html],
    ["GET", "/api/nothing", html],
    ["DELETE", "/api/ledger", html],
    ["GET", "/../package.json", {}],
    ["GET", "/%2e%2e%2fpackage.json", {}],
  ])("%s %s is a problem, not a page", async (method, path, headers) => {
    const { status, body } = await api.call(method, path, { headers });
    expect([status, body.error]).toEqual([404, "not-found"]);
  });

  test("a page that is not built says so", async () => {
    const own = await startTestApi();
    try {
      const { status, body } = await own.call("GET", "/", { headers: html });
      expect([status, body.message]).toEqual([404, "The web app is not built; run npm run build."]);
    } finally {
      await own.close();
    }
  });

  test("nothing foreign runs in a page, and no page can frame ours", async () => {
    const { headers } = await api.call("GET", "/", { headers: html });
    const policy = (headers.get("content-security-policy") ?? "").split(";").toSorted();
    expect(policy).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self'",
    ]);
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("strict-transport-security")).toBeNull();
  });
});

test("the OpenAPI document names every route", async () => {
  const { status, body } = await api.call("GET", "/api/openapi.json");
  expect([status, body.openapi]).toEqual([200, "3.1.0"]);
  const routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.toSorted()).toEqual([
    "DELETE /api/app-passwords/{name}",
    "DELETE /api/calendars/{slug}",
    "DELETE /api/calendars/{slug}/links/{id}",
    "DELETE /api/calendars/{slug}/shares/{address}",
    "DELETE /api/events/{id}",
    "DELETE /api/events/{id}/answer-links",
    "DELETE /api/session",
    "GET /api/app-passwords",
    "GET /api/calendars",
    "GET /api/calendars/{slug}/export",
    "GET /api/calendars/{slug}/links",
    "GET /api/calendars/{slug}/shares",
    "GET /api/events",
    "GET /api/events/{id}",
    "GET /api/free-busy",
    "GET /api/ledger",
    "GET /api/ledger/{id}/source",
    "GET /api/live",
    "GET /api/questions",
    "GET /api/session",
    "GET /healthz",
    "GET /healthz/live",
    "GET /healthz/ready",
    "POST /api/app-passwords",
    "POST /api/calendars/{slug}/import",
    "POST /api/calendars/{slug}/links",
    "POST /api/calendars/{slug}/refresh",
    "POST /api/events",
    "POST /api/events/preview",
    "POST /api/events/{id}/answer",
    "POST /api/events/{id}/cancel",
    "POST /api/events/{id}/preview",
    "POST /api/events/{id}/send-now",
    "POST /api/find-times",
    "POST /api/free-busy",
    "POST /api/questions/{id}",
    "POST /api/session",
    "POST /api/subscriptions",
    "PUT /api/calendars/{slug}/shares/{address}",
    "PUT /api/events/{id}",
  ]);
  const created = body.paths["/api/events"].post.responses["201"].content["application/json"].schema;
  expect(created.required).toContain("attendees");
});

describe("a request that cannot be read", () => {
  test.each<[what: string, headers: Record<string, string>, body: string, status: number, error: string]>([
    ["broken JSON", {}, "{", 400, "invalid"],
    ["nothing", {}, "", 400, "invalid"],
    ["a list", {}, "[]", 400, "invalid"],
    ["a prototype", {}, '{"__proto__":{"admin":true}}', 400, "invalid"],
    ["XML", { "content-type": "application/xml" }, "<a/>", 415, "not-json"],
    ["plain text", { "content-type": "text/plain" }, "{}", 415, "not-json"],
    ["a flood", {}, `"${"x".repeat(8 * 1024 * 1024)}"`, 413, "too-large"],
  ])("%s", async (_, headers, body, status, error) => {
    const answer = await api.call("POST", "/api/events", { as: ann, headers, body });
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  test("an address that is no text", async () => {
    const { status, body } = await api.call("GET", "/api/events/%E0%A4%A", { as: ann });
    expect([status, body.error]).toEqual([400, "invalid"]);
  });
});
