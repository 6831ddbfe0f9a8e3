/** Starts the page on which anybody checks a paper. */
import { configureLanguage } from "../text/language.ts";
import "./app.ts";

configureLanguage(() => import("../text/en-verify.ts"));
