import { configureGlobal } from "fast-check";

// A test that is green stays green: laws draw from one seed here, and from others where somebody asks for it.
// PARLEY_SEED=random takes a new one each time; a number takes that one.
const asked = process.env["PARLEY_SEED"];
if (asked !== "random") configureGlobal({ seed: Number(asked ?? "5546") });
