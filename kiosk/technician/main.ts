/** Starts the technician's page. */
import { configureLanguage } from "../text/language.ts";
import "./app.ts";

configureLanguage(() => import("../text/en-technician.ts"));
