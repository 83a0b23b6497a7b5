// Writes packages/engine/API.md: every name the package exports, its first sentence, and the section it follows. node tools/api.ts
import { writeFileSync } from "node:fs";
import { apiFile, makeApi } from "./api/make-api.ts";

writeFileSync(apiFile, makeApi());
