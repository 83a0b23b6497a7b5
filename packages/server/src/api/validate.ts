import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Refusal } from "./problem.ts";

/**
 * Makes the check of one part of a request. Nothing is converted but whole numbers of a query, which are text there.
 * What does not fit is a problem that names the field.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === "querystring" ? readNumbers(schema, given) : given;
    if (check.Check(value)) return { value };
    return { error: new Refusal("invalid", `${explain(schema, check.Errors(value))}.`) };
  };
};

function readNumbers(schema: TSchema, given: unknown): unknown {
  const { properties } = schema as { readonly properties?: Readonly<Record<string, { readonly type?: string }>> };
  const entries = Object.entries(given as Readonly<Record<string, unknown>>).map(([key, text]) => {
    const isNumber = properties?.[key]?.type === "integer" && typeof text === "string" && /^\d{1,15}$/.test(text);
    return [key, isNumber ? Number(text) : text];
  });
  return Object.fromEntries(entries);
}

type Fault = ReturnType<ReturnType<typeof Compile>["Errors"]>[number];

function explain(schema: TSchema, faults: readonly Fault[]): string {
  // An unknown key is told twice; the second time names it.
  const fault = faults.find(({ keyword }) => keyword !== "boolean");
  if (!fault) return "The request has another form than expected";
  const field = fault.instancePath.slice(1).replaceAll("/", ".");
  return `${field || "request"}: ${reasonOf(schema, fault, faults)}`;
}

function reasonOf(schema: TSchema, fault: Fault, faults: readonly Fault[]): string {
  if (fault.keyword === "additionalProperties") return `unknown key ${listOf(fault.params.additionalProperties)}`;
  if (fault.keyword === "required") return `missing ${listOf(fault.params.requiredProperties)}`;
  if (fault.keyword === "const" || fault.keyword === "anyOf") {
    const allowed = faults.flatMap(({ keyword, instancePath, params }) =>
      keyword === "const" && instancePath === fault.instancePath ? [String((params as Const).allowedValue)] : [],
    );
    return `must be one of ${listOf(allowed)}`;
  }
  if (fault.keyword === "pattern") return `must be ${descriptionAt(schema, fault.schemaPath) ?? "of another form"}`;
  return fault.message;
}

type Const = { readonly allowedValue: unknown };

function listOf(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(", ");
}

/** The words a schema has for what it takes. */
function descriptionAt(schema: TSchema, path: string): string | undefined {
  let at: unknown = schema;
  for (const step of path.split("/").slice(1)) {
    at = typeof at === "object" && at !== null ? (at as Readonly<Record<string, unknown>>)[step] : undefined;
  }
  const words = typeof at === "object" && at !== null && "description" in at ? at.description : undefined;
  return typeof words === "string" ? words : undefined;
}
