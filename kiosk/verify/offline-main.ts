/** Starts the page that a citizen or a court keeps: one file, every text in it. */
import { templates } from "../text/en-verify.ts";
import { configureLanguage } from "../text/language.ts";
import "./offline-app.ts";

configureLanguage(async () => ({ templates }));
