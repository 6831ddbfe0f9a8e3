/** Starts the clerk's page. */
import { configureLanguage } from "../text/language.ts";
import "./app.ts";

configureLanguage(() => import("../text/en-clerk.ts"));
